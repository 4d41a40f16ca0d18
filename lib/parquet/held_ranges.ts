/**
 * Some ranges of a file in memory, for those that read them more than once.
 *
 * @module
 */

import type { AsyncBuffer } from "../npm/hyparquet.ts";
import type { ByteRange } from "./ranges.ts";

/**
 * hyparquet reads ranges together that lie no farther apart: what it asks for is then held whole.
 * Over a network one request is cheaper than two as well.
 */
const GAP_BYTES = 1 << 13;

/**
 * Reads ranges and keeps them.
 *
 * @returns A file that has these ranges alone; reading others throws.
 */
export async function holdRanges(
  buffer: AsyncBuffer,
  ranges: readonly ByteRange[],
): Promise<AsyncBuffer> {
  const held = await Promise.all(
    joinNear(ranges).map(async ({ start, end }) => {
      return { start, end, bytes: await buffer.slice(start, end) };
    }),
  );
  return {
    byteLength: buffer.byteLength,
    slice: (start, end = buffer.byteLength) => {
      const range = held.find((range) => range.start <= start && end <= range.end);
      if (range === undefined) throw new RangeError(`bytes ${start} to ${end} were not read`);
      return range.bytes.slice(start - range.start, end - range.start);
    },
  };
}

function joinNear(ranges: readonly ByteRange[]): readonly ByteRange[] {
  const joined: ByteRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last === undefined || range.start > last.end + GAP_BYTES) joined.push(range);
    else joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
  }
  return joined;
}
