/**
 * What each row of a row group has for audio.
 *
 * @module
 */

import { nullCount } from "../parquet/nulls.ts";
import type { ParquetFile, ParquetRowGroup } from "../parquet/open.ts";
import type { ColumnPath } from "../parquet/prune.ts";
import type { RowGroupValues } from "../parquet/read_columns.ts";
import type { AudioColumn } from "./row_audio.ts";
import type { RowAudio } from "./row_fields.ts";

/** How the audio of a row group's rows is told. */
export interface AudioLookup {
  /** What must be read for it: never the audio itself, unless only some rows have it. */
  readonly paths: readonly ColumnPath[];
  audioOf(values: RowGroupValues, row: number): RowAudio;
}

const CELL: RowAudio = { kind: "cell" };
const NONE: RowAudio = { kind: "none" };

/**
 * Decides what to read of a row group for its audio. A row with bytes has them; a row without has
 * its path. Which rows have bytes is known from the footer where all have them, or none: the null
 * count of that column says so. Where only some have them, or the writer left no such count, the
 * bytes are read as well: slow, and rare.
 */
export function lookUpAudio(
  audio: AudioColumn | null,
  file: ParquetFile,
  group: ParquetRowGroup,
): AudioLookup {
  if (audio === null) return { paths: [], audioOf: () => NONE };
  const { name } = audio;
  if (audio.kind === "path") {
    return { paths: [[name]], audioOf: (values, row) => pathOf(values.at(name, row)) };
  }
  const isStruct = audio.kind === "struct";
  const bytes = isStruct ? [name, "bytes"] : [name];
  const path = isStruct && audio.hasPath ? [[name, "path"]] : [];
  const nulls = isStruct && !audio.hasBytes ? group.rows : nullCount(file, group, bytes);
  if (nulls === 0) return { paths: [], audioOf: () => CELL };
  const field = (value: unknown, key: string) => isStruct ? fieldOf(value, key) : value;
  return {
    paths: nulls === group.rows ? path : [bytes, ...path],
    audioOf: (values, row) => {
      const value = values.at(name, row);
      if (field(value, "bytes") instanceof Uint8Array) return CELL;
      return isStruct ? pathOf(fieldOf(value, "path")) : NONE;
    },
  };
}

function pathOf(path: unknown): RowAudio {
  return path === null || path === "" ? NONE : { kind: "path", path };
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return null;
  return Object.entries(value).find(([key]) => key === name)?.[1] ?? null;
}
