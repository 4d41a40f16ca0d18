/**
 * The columns of a Parquet file in the words of rows.
 *
 * @module
 */

import { type FileMetaData, parquetSchema } from "../npm/hyparquet.ts";
import type { SchemaElement, SchemaTree } from "../npm/hyparquet.ts";
import type { RowColumn, RowType } from "../sources/row_columns.ts";
import { readFeatures } from "../sources/row_features.ts";

/** Key of the metadata under which `datasets` declares the features. */
const FEATURES = "huggingface";

/** Annotations of byte arrays that hold text. */
const TEXT: readonly (string | undefined)[] = ["UTF8", "STRING", "ENUM", "JSON", "UUID"];

/** Annotations of numbers that count something. */
const WHOLE = /^U?INT_\d+$|^INTEGER$/;

/** The columns of a file, in its order, with what `datasets` declares about them. */
export function describeSchema(metadata: FileMetaData): readonly RowColumn[] {
  const entry = metadata.key_value_metadata?.find(({ key }) => key === FEATURES);
  const features = readFeatures(entry?.value ?? null);
  return parquetSchema(metadata).children.map((child) => {
    const { name } = child.element;
    const feature = features.get(name);
    return {
      name,
      type: typeOf(child),
      feature: feature?.name ?? null,
      labels: feature?.labels ?? null,
    };
  });
}

/** Whether values are text, whatever kind of text they are declared as. */
export function isText(element: SchemaElement): boolean {
  return TEXT.includes(element.converted_type) || TEXT.includes(element.logical_type?.type);
}

function typeOf(tree: SchemaTree): RowType {
  if (tree.element.repetition_type !== "REPEATED") return typeOfOne(tree);
  return { kind: "list", element: typeOfOne(tree) };
}

function typeOfOne(tree: SchemaTree): RowType {
  const { element, children } = tree;
  if (children.length === 0) return leafType(element);
  const annotation = element.converted_type ?? element.logical_type?.type;
  if (annotation === "MAP") return { kind: "other", name: "map" };
  const [only] = children;
  if (annotation === "LIST" && only !== undefined) {
    const [item, ...others] = only.children;
    const isWrapped = item !== undefined && others.length === 0;
    return { kind: "list", element: typeOfOne(isWrapped ? item : only) };
  }
  return {
    kind: "struct",
    fields: children.map((child) => ({ name: child.element.name, type: typeOf(child) })),
  };
}

function leafType(element: SchemaElement): RowType {
  if (isText(element)) return { kind: "text" };
  const annotation = element.logical_type?.type ?? element.converted_type;
  if (annotation !== undefined && !WHOLE.test(annotation)) {
    return annotation === "FLOAT16"
      ? { kind: "number", precision: "half" }
      : { kind: "other", name: annotation.toLowerCase().replaceAll("_", " ") };
  }
  switch (element.type) {
    case "BOOLEAN":
      return { kind: "boolean" };
    case "INT32":
    case "INT64":
      return { kind: "whole_number" };
    case "FLOAT":
      return { kind: "number", precision: "single" };
    case "DOUBLE":
      return { kind: "number" };
    case "INT96":
      return { kind: "other", name: "timestamp" };
    case "FIXED_LEN_BYTE_ARRAY":
      // Audio files differ in length: what is stored so is something else.
      return { kind: "other", name: "bytes of a fixed length" };
    default:
      return { kind: "bytes" };
  }
}
