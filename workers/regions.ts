/**
 * What of a file is read at once.
 *
 * @module
 */
import { readPart } from "../lib/audio/part.ts";
import { groupStarts } from "../lib/parquet/cell_column.ts";
import { readFooter } from "../lib/parquet/cells.ts";
import { openFileBuffer } from "../lib/parquet/file_buffer.ts";
import type { LeasedSample } from "./stage.ts";

/** Files of which the row groups are kept. */
const KEPT_FILES = 8;

/** Tells which samples lie in the same row group of the same Parquet file. */
export class Regions {
  #starts = new Map<string, readonly number[]>();

  /** Equal for samples that are read together; null for one that is read alone. */
  of({ audio, part }: Pick<LeasedSample, "audio" | "part">): string | null {
    if (audio === null || part === null) return null;
    const place = readPart(part);
    if (place.kind !== "parquet") return null;
    const group = this.#startsOf(audio).findLastIndex((start) => start <= place.row);
    return `${group} ${audio}`;
  }

  #startsOf(path: string): readonly number[] {
    const known = this.#starts.get(path);
    if (known !== undefined) return known;
    const starts = readStarts(path);
    const [oldest] = this.#starts.keys();
    if (this.#starts.size >= KEPT_FILES && oldest !== undefined) this.#starts.delete(oldest);
    this.#starts.set(path, starts);
    return starts;
  }
}

/** A file that cannot be read is one region: whoever reads its samples says what is wrong. */
function readStarts(path: string): readonly number[] {
  try {
    using file = openFileBuffer(path);
    return groupStarts(readFooter(file));
  } catch {
    return [];
  }
}
