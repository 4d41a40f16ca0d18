/**
 * What each row of a row group has for audio.
 *
 * @module
 */

import { nullCount } from "../parquet/nulls.ts";
import type { ParquetFile, ParquetRowGroup } from "../parquet/open.ts";
import type { ColumnPath } from "../parquet/prune.ts";
import { readColumns, type RowGroupValues } from "../parquet/read_columns.ts";
import type { AudioColumn } from "./row_audio.ts";
import type { RowAudio } from "./row_fields.ts";

/** How the audio of a row group's rows is told. */
export interface AudioLookup {
  /** What must be read for it first: never the audio itself, unless nothing else tells it. */
  readonly paths: readonly ColumnPath[];
  /**
   * Tells it by what was read of these; reads the audio where that leaves it open.
   *
   * @throws {RowGroupError} If pages are damaged.
   */
  open(values: RowGroupValues): AudioOf | Promise<AudioOf>;
}

/** The audio of a row, by its number in the row group. */
export type AudioOf = (row: number) => RowAudio;

const CELL: RowAudio = { kind: "cell" };
const NONE: RowAudio = { kind: "none" };

/**
 * Decides what to read of a row group for its audio. A row with bytes has them; a row without has
 * its path. Which rows have bytes is known from the footer where all have them, or none: the null
 * count of that column says so. Where only some have them, they are often all those whose struct is
 * there. Else, or if the writer left no such count, the bytes are read as well: slow, and rare.
 */
export function lookUpAudio(
  audio: AudioColumn | null,
  file: ParquetFile,
  group: ParquetRowGroup,
): AudioLookup {
  if (audio === null) return { paths: [], open: () => () => NONE };
  const { name } = audio;
  if (audio.kind === "path") {
    return { paths: [[name]], open: (values) => (row) => pathOf(values.at(name, row)) };
  }
  if (audio.kind === "struct") return lookUpStruct(audio, file, group);
  const nulls = nullCount(file, group, [name]);
  if (nulls === 0) return { paths: [], open: () => () => CELL };
  if (nulls === group.rows) return { paths: [], open: () => () => NONE };
  return {
    paths: [[name]],
    open: (values) => (row) => values.at(name, row) instanceof Uint8Array ? CELL : NONE,
  };
}

function lookUpStruct(
  { name, hasBytes, hasPath }: Extract<AudioColumn, { kind: "struct" }>,
  file: ParquetFile,
  group: ParquetRowGroup,
): AudioLookup {
  const bytes = [name, "bytes"];
  const nulls = hasBytes ? nullCount(file, group, bytes) : group.rows;
  if (nulls === 0) return { paths: [], open: () => () => CELL };
  const byPath = (values: RowGroupValues): AudioOf => (row) =>
    pathOf(fieldOf(values.at(name, row), "path"));
  const byBytes = (values: RowGroupValues): AudioOf => (row) =>
    fieldOf(values.at(name, row), "bytes") instanceof Uint8Array ? CELL : byPath(values)(row);
  if (!hasPath) return { paths: nulls === group.rows ? [] : [bytes], open: byBytes };
  const path = [name, "path"];
  if (nulls === group.rows) return { paths: [path], open: byPath };
  if (nulls === null) return { paths: [bytes, path], open: byBytes };
  return {
    paths: [path],
    open: async (values) =>
      countNulls(values, name) === nulls
        ? (row) => values.at(name, row) === null ? NONE : CELL
        : byBytes(await readColumns(file, group, [bytes, path])),
  };
}

/** Rows without a struct have no bytes. */
function countNulls(values: RowGroupValues, name: string): number {
  let count = 0;
  for (let row = 0; row < values.rows; row++) if (values.at(name, row) === null) count++;
  return count;
}

function pathOf(path: unknown): RowAudio {
  return path === null || path === "" ? NONE : { kind: "path", path };
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return null;
  return Object.entries(value).find(([key]) => key === name)?.[1] ?? null;
}
