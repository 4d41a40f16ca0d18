/**
 * Checks of runs of numbers in pages, before hyparquet believes them.
 *
 * @module
 */

import { readVarInt } from "../npm/hyparquet_pages.ts";

/** A run of whole groups of eight may end behind the last value. */
const SPARE_VALUES = 64;

/** Wider numbers do not occur. */
const MAX_BITS = 32;

/** Where runs lie, and what they may hold. */
export interface Runs {
  readonly start: number;
  readonly end: number;
  /** Bits of a number. */
  readonly width: number;
  /** More numbers than this are not looked at. */
  readonly count: number;
}

/**
 * Checks levels or places in a dictionary (Parquet's hybrid of runs and bit-packed groups). A
 * damaged length of a run makes hyparquet write without end.
 *
 * @throws {Error} If a run claims more values than there are.
 */
export function checkRuns(view: DataView, { start, end, width, count }: Runs): void {
  if (!(width <= MAX_BITS)) throw new Error(`numbers of ${width} bits`);
  const reader = { view, offset: start };
  let seen = 0;
  while (seen < count && reader.offset < end) {
    const header = readVarInt(reader) >>> 0;
    const isPacked = (header & 1) === 1;
    const groups = header >>> 1;
    seen += isPacked ? groups * 8 : groups;
    reader.offset += isPacked ? groups * width : Math.ceil(width / 8);
    if (seen > count + SPARE_VALUES) throw new Error(`a run of values is longer than its page`);
  }
}
