/**
 * From a row of a file (Parquet, Arrow) to the fields of a sample. `row_mapping.ts` decides which
 * column holds which field, `row_filter.ts` which rows are taken.
 *
 * @module
 */

import { checkFields, FieldError, type FieldName, type SampleFields } from "./fields.ts";
import type { RowColumn } from "./row_columns.ts";
import type { RowMapping } from "./row_mapping.ts";

/** What a row has for audio. */
export type RowAudio =
  /** The bytes of a file, in the row itself. */
  | { readonly kind: "cell" }
  /** A path, as the column holds it: unchecked. */
  | { readonly kind: "path"; readonly path: unknown }
  | { readonly kind: "none" };

/** One row. */
export interface RowRecord {
  /**
   * Gives the row's value of a column: text, numbers (`bigint` only where a double cannot hold
   * it), booleans, null or undefined. Text that is not valid UTF-8 is given as its bytes.
   */
  readonly value: (column: string) => unknown;
  readonly audio: RowAudio;
  /** The sample's id where no column holds one: `name/17`. */
  readonly id: string;
}

/**
 * Reads the fields of one row. `audio` is the path as it was written, null where the row holds the
 * audio itself.
 *
 * @throws {FieldError} If the row cannot be a sample: it has no id, neither audio nor text, text
 *   that is not valid UTF-8, or a number of seconds below 0.
 */
export function readRowFields(mapping: RowMapping, row: RowRecord): SampleFields {
  const { fields } = mapping;
  const id = idOf(fields.get("id"), row);
  const read = (field: FieldName) => {
    const column = fields.get(field);
    return column === undefined ? null : row.value(column.name) ?? null;
  };
  const name = (field: FieldName) => nameOf(read(field), field, fields.get(field), id);
  const seconds = (field: FieldName) => secondsOf(read(field), field, id);
  const audio = row.audio.kind === "path" ? textOf(row.audio.path ?? null, "audio", id) : null;
  const text = name("text");
  if (row.audio.kind !== "cell" && !audio && !text) {
    throw new FieldError("it has neither audio nor text", id);
  }
  return checkFields({
    id,
    text,
    audio: audio || null,
    speaker: name("speaker"),
    language: name("language"),
    duration: seconds("duration"),
    start: seconds("start"),
    end: seconds("end"),
  });
}

function idOf(column: RowColumn | undefined, row: RowRecord): string {
  if (column === undefined) return row.id;
  const value = row.value(column.name) ?? null;
  if (value === null || value === "") {
    throw new FieldError(`'id' is ${value === null ? "null" : "empty"}`, null);
  }
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  return textOf(value, "id", null) ?? "";
}

/** Text, or a whole number: the name that it stands for, where numbers have names. */
function nameOf(
  value: unknown,
  field: FieldName,
  column: RowColumn | undefined,
  id: string,
): string | null {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "number") return textOf(value, field, id);
  const labels = column?.labels ?? null;
  if (labels === null) return String(value);
  // `datasets` writes -1 where a label is not known.
  if (value === -1) return null;
  const label = labels[value];
  if (label !== undefined) return label;
  throw new FieldError(`'${field}' is ${value}: there are ${labels.length} labels`, id);
}

function textOf(value: unknown, field: FieldName, id: string | null): string | null {
  if (value === null || typeof value === "string") return value;
  const problem = value instanceof Uint8Array ? "not valid UTF-8" : `${kindOf(value)}, not text`;
  throw new FieldError(`'${field}' is ${problem}`, id);
}

function secondsOf(value: unknown, field: FieldName, id: string): number | null {
  if (value === null) return null;
  if (typeof value === "number" && value >= 0 && value < Infinity) return value;
  throw new FieldError(`'${field}' is ${kindOf(value)}: expected seconds, 0 or more`, id);
}

function kindOf(value: unknown): string {
  return typeof value === "object" ? "a list or struct" : String(value);
}
