/**
 * Which column of a file of rows (Parquet, Arrow) holds which field of a sample.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { didYouMean } from "../nearest.ts";
import type { RowOptions } from "./dataset.ts";
import { FIELD_NAMES, type FieldName } from "./fields.ts";
import { type AudioColumn, audioColumn, findAudio, holdsPaths } from "./row_audio.ts";
import { describeColumn, describeColumns, type RowColumn } from "./row_columns.ts";
import { type RowFilter, rowFilters } from "./row_filter.ts";

/** Where a file of rows keeps what is read of it. */
export interface RowMapping {
  /** The column of each field but the audio. */
  readonly fields: ReadonlyMap<FieldName, RowColumn>;
  /** The column with the audio; null for rows of text alone. */
  readonly audio: AudioColumn | null;
  /** Of rows of text alone: why they have no audio, as `Source.textOnly` says it. */
  readonly textOnly?: string;
  readonly filters: readonly RowFilter[];
  /** Columns that must be read for the fields and the filters, each once; without the audio. */
  readonly names: readonly string[];
}

/** What is mapped. */
export interface RowMappingOptions {
  /** How messages call the file. */
  readonly label: string;
  readonly columns: readonly RowColumn[];
  readonly rows: Pick<RowOptions, "columns" | "where">;
}

/** What a column of a field may hold, in words. */
const EXPECTED = {
  id: "text or numbers",
  text: "text",
  speaker: "text or whole numbers",
  language: "text",
  duration: "numbers",
  start: "numbers",
  end: "numbers",
} as const;

type PlainField = keyof typeof EXPECTED;

/** Fields that change what is encoded: a column of that name and another type is no coincidence. */
export const CUTS: readonly FieldName[] = ["start", "end"];

/**
 * Decides which column each field is read from: the one that was asked for by name or, from 0, by
 * number; else the one called as the field; for audio, else the only one that holds some. An
 * empty name (`""`) leaves the field out. A column that only happens to be called as a field and
 * holds something else is left alone, unless audio or its segment would be lost by that.
 *
 * `start` and `end` say which segment of a file is meant. Where a row has the audio itself, a column
 * of that name mostly tells where the clip lay in what it was cut from: there it counts only if it
 * was asked for.
 *
 * @throws {UsageError} If a column does not exist or holds something else, or it is not plain which
 *   one has the audio. The message lists the columns that there are.
 */
export function mapRowFields(options: RowMappingOptions): RowMapping {
  const fields = new Map<FieldName, RowColumn>();
  const audio = audioOf(options);
  for (const field of FIELD_NAMES) {
    if (field === "audio" || !isMeant(field, audio, options)) continue;
    const column = columnOf(field, options);
    if (column !== null) fields.set(field, column);
  }
  const filters = rowFilters(options);
  const names = [...fields.values(), ...filters].map(({ name }) => name);
  return {
    ...{ fields, audio, filters, names: [...new Set(names)] },
    ...(audio === null ? { textOnly: whyTextOnly(options) } : {}),
  };
}

/** Whether a column counts for a field if it is only called as the field. */
function isMeant(
  field: PlainField,
  audio: AudioColumn | null,
  { rows }: RowMappingOptions,
): boolean {
  return !CUTS.includes(field) || rows.columns?.[field] !== undefined || holdsPaths(audio);
}

function whyTextOnly({ label, columns, rows }: RowMappingOptions): string {
  return rows.columns?.audio === ""
    ? `'${label}' is read without audio: no column is named for it`
    : `'${label}' has no audio: ${describeColumns(columns)}: name the column that holds it, such ` +
      "as columns: {audio: NAME}";
}

function columnOf(field: PlainField, options: RowMappingOptions): RowColumn | null {
  const wanted = options.rows.columns?.[field];
  if (wanted === "") return null;
  const column = wanted === undefined
    ? options.columns.find(({ name }) => name === field)
    : requireColumn(field, wanted, options);
  if (column === undefined || fits(field, column)) return column ?? null;
  if (wanted === undefined && !CUTS.includes(field)) return null;
  throw wrongType(field, column, EXPECTED[field], options);
}

function fits(field: PlainField, { type: { kind }, labels }: RowColumn): boolean {
  switch (field) {
    case "id":
      return kind === "text" || kind === "whole_number" || kind === "number";
    case "text":
    case "language":
      return kind === "text" || labels !== null;
    case "speaker":
      return kind === "text" || kind === "whole_number";
    default:
      return kind === "whole_number" || kind === "number";
  }
}

function audioOf(options: RowMappingOptions): AudioColumn | null {
  const wanted = options.rows.columns?.audio;
  if (wanted === "") return null;
  const column = wanted === undefined
    ? findAudio(options.label, options.columns)
    : requireColumn("audio", wanted, options);
  if (column === null) return null;
  const audio = audioColumn(column);
  if (audio !== null) return audio;
  throw wrongType("audio", column, "struct{bytes, path}, bytes or paths", options);
}

function requireColumn(
  field: FieldName,
  wanted: string | number,
  { label, columns }: RowMappingOptions,
): RowColumn {
  const found = typeof wanted === "number"
    ? columns[wanted]
    : columns.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const shown = typeof wanted === "number" ? String(wanted) : `'${wanted}'`;
  const hint = didYouMean(String(wanted), columns.map(({ name }) => name));
  throw new UsageError(
    `Cannot read '${label}': column ${shown} for '${field}' does not exist: ${
      describeColumns(columns)
    }${hint}`,
  );
}

function wrongType(
  field: FieldName,
  column: RowColumn,
  expected: string,
  { label, columns }: RowMappingOptions,
): UsageError {
  return new UsageError(
    `Cannot read '${label}': column '${column.name}' for '${field}' is ${
      describeColumn(column)
    }: expected ${expected}: ${describeColumns(columns)}`,
  );
}
