/**
 * The columns of tars: their samples have no schema, so the first of them are looked at.
 *
 * @module
 */
import type { RowOptions } from "./dataset.ts";
import { FIELD_NAMES, type FieldName } from "./fields.ts";
import type { RowColumn, RowType } from "./row_columns.ts";
import { CUTS, mapRowFields, type RowMapping } from "./row_mapping.ts";
import type { TarValues } from "./tar_row.ts";

/** The column that stands for the one audio file of a sample, whatever its extension. */
export const ANY_AUDIO = "audio";

/** What the first samples have. */
export interface TarSchemaOptions {
  /** How messages call the tars. */
  readonly label: string;
  readonly values: readonly TarValues[];
  /** Extensions of audio files. */
  readonly audio: ReadonlySet<string>;
  readonly rows: Pick<RowOptions, "columns" | "where">;
}

/** What a field is made of that none of the first samples has. */
const USUAL_KINDS = {
  id: "text",
  text: "text",
  speaker: "text",
  language: "text",
  duration: "number",
  start: "number",
  end: "number",
} as const;

/**
 * Decides where each field is read from. Columns are the names in the JSON, the extensions of text
 * files (`txt`), `audio`, and each extension of an audio file. The id is the key, unless a column
 * is named for it; `start` and `end` in the JSON cut nothing, unless they are named.
 *
 * @throws {UsageError} If a column does not exist in any of the first samples, or holds something
 *   else.
 */
export function mapTarFields(options: TarSchemaOptions): RowMapping {
  const { label, rows } = options;
  const columns = [...audioColumns(options.audio), ...valueColumns(options)];
  const wanted = { id: "", ...rows.columns };
  const mapping = mapRowFields({ label, columns, rows: { ...rows, columns: wanted } });
  const fields = new Map(mapping.fields);
  for (const field of FIELD_NAMES) {
    // A later sample may have what none of the first has.
    if (field === "audio" || field === "id" || CUTS.includes(field)) continue;
    if (fields.has(field)) continue;
    const isLeftAlone = wanted[field] === "" || columns.some(({ name }) => name === field);
    if (!isLeftAlone) fields.set(field, column(field, { kind: USUAL_KINDS[field] }));
  }
  return { ...mapping, fields };
}

function audioColumns(extensions: ReadonlySet<string>): RowColumn[] {
  return [ANY_AUDIO, ...extensions].map((name) => ({
    ...column(name, { kind: "bytes" }),
    feature: "Audio",
  }));
}

function valueColumns({ values, audio, rows }: TarSchemaOptions): RowColumn[] {
  const types = new Map<string, RowType | null>();
  for (const [name, value] of values.flatMap((sample) => [...sample])) {
    types.set(name, merged(types.get(name) ?? null, typeOf(value)));
  }
  return [...types].flatMap(([name, type]) => {
    if (name === ANY_AUDIO || audio.has(name)) return [];
    return [column(name, type ?? { kind: usualKind(name, rows) })];
  });
}

/** What a column that is null so far may hold, going by the field that it is read for. */
function usualKind(name: string, { columns }: Pick<RowOptions, "columns">) {
  const isFor = (field: FieldName) => columns?.[field] === name || field === name;
  const field = FIELD_NAMES.find(isFor) ?? "text";
  return field === "audio" ? "text" : USUAL_KINDS[field];
}

function column(name: string, type: RowType): RowColumn {
  return { name, type, feature: null, labels: null };
}

/** The type of a value; null for none, which fits all. */
function typeOf(value: unknown): RowType | null {
  switch (typeof value) {
    case "boolean":
      return { kind: "boolean" };
    case "number":
    case "bigint":
      return { kind: Number.isInteger(Number(value)) ? "whole_number" : "number" };
    case "object":
      if (value === null) return null;
      // Text that is not UTF-8.
      if (value instanceof Uint8Array) return { kind: "text" };
      return { kind: "other", name: Array.isArray(value) ? "list" : "object" };
    default:
      return { kind: "text" };
  }
}

/** Samples that differ are checked one by one, as texts are. */
function merged(first: RowType | null, second: RowType | null): RowType | null {
  if (first === null || second === null) return first ?? second;
  if (first.kind === second.kind) return first;
  const kinds = [first.kind, second.kind];
  const areNumbers = kinds.includes("number") && kinds.includes("whole_number");
  return { kind: areNumbers ? "number" : "text" };
}
