/**
 * The columns of an Arrow file in the terms of rows.
 *
 * @module
 */
import type { ArrowField, ArrowSchema } from "../arrow/schema.ts";
import type { RowColumn, RowType } from "./row_columns.ts";
import { readFeatures } from "./row_features.ts";

/**
 * Describes the columns of a schema.
 *
 * @param info The content of `dataset_info.json`; null where there is none. What it does not say,
 *   the file's own metadata may.
 */
export function arrowColumns(schema: ArrowSchema, info: string | null): readonly RowColumn[] {
  const own = readFeatures(schema.metadata.get("huggingface") ?? null);
  const declared = readFeatures(info);
  return schema.fields.map((field) => {
    const { name: feature = null, labels = null } = declared.get(field.name) ??
      own.get(field.name) ?? {};
    return { name: field.name, type: typeOf(field), feature, labels };
  });
}

function typeOf({ type, children }: ArrowField): RowType {
  switch (type.kind) {
    case "text":
    case "bytes":
      return { kind: type.kind };
    case "bool":
      return { kind: "boolean" };
    case "int":
      return { kind: "whole_number" };
    case "float":
      if (type.bits < 32) return { kind: "other", name: "half" };
      return type.bits === 32 ? { kind: "number", precision: "single" } : { kind: "number" };
    case "list": {
      const [element] = children;
      const name = "list of unknown";
      return element === undefined
        ? { kind: "other", name }
        : { kind: "list", element: typeOf(element) };
    }
    case "struct": {
      const fields = children.map((child) => ({ name: child.name, type: typeOf(child) }));
      return { kind: "struct", fields };
    }
    case "other":
      return { kind: "other", name: type.name };
  }
}
