/**
 * What of a file is read at once.
 *
 * @module
 */
import { readPart } from "../lib/audio/part.ts";
import { type CellGroup, cellGroups } from "../lib/parquet/cell_column.ts";
import { readFooter } from "../lib/parquet/cells.ts";
import { openFileBuffer } from "../lib/parquet/file_buffer.ts";
import type { LeasedSample } from "./stage.ts";

/** Columns of which the row groups are kept. */
const KEPT_COLUMNS = 8;

/** Reading a page anew takes less than decoding a clip, up to this size. Bytes. */
const SMALL_PAGE = 4 << 20;

/** Tells which samples lie in the same large page of the same Parquet file. */
export class Regions {
  #smallPage: number;
  #columns = new Map<string, readonly CellGroup[]>();

  /** @param smallPage Bytes up to which a page may as well be read by each feeder. */
  constructor(smallPage = SMALL_PAGE) {
    this.#smallPage = smallPage;
  }

  /** Equal for samples that should be read together; null where it does not matter. */
  of({ audio, part }: Pick<LeasedSample, "audio" | "part">): string | null {
    if (audio === null || part === null) return null;
    const place = readPart(part);
    if (place.kind !== "parquet") return null;
    const groups = this.#groupsOf(audio, place.column);
    const group = groups.findLast(({ firstRow }) => firstRow <= place.row);
    const isLarge = (group?.bytes?.pageBytes ?? 0) > this.#smallPage;
    return isLarge ? `${group?.index} ${audio}` : null;
  }

  #groupsOf(path: string, column: string): readonly CellGroup[] {
    const key = JSON.stringify([path, column]);
    const known = this.#columns.get(key);
    if (known !== undefined) return known;
    const groups = readGroups(path, column);
    const [oldest] = this.#columns.keys();
    if (this.#columns.size >= KEPT_COLUMNS && oldest !== undefined) this.#columns.delete(oldest);
    this.#columns.set(key, groups);
    return groups;
  }
}

/** None for a file that cannot be read: whoever reads its samples says what is wrong. */
function readGroups(path: string, column: string): readonly CellGroup[] {
  try {
    using file = openFileBuffer(path);
    return cellGroups(readFooter(file), column);
  } catch {
    return [];
  }
}
