/**
 * The end of a zip file, which says where its directory is.
 * Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 *
 * @module
 */
import type { ByteSource } from "../byte_source.ts";
import { damaged } from "../fault.ts";

/** Where the directory is. */
export interface DirectoryRange {
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
  readonly entries: number;
}

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;

const LOCATOR_SIGNATURE = 0x07064b50;
const LOCATOR_BYTES = 20;

const END64_SIGNATURE = 0x06064b50;
const END64_BYTES = 56;

/**
 * Finds the directory.
 *
 * @throws {CheckpointFault} if the file does not end as a zip file does.
 */
export async function findDirectory(source: ByteSource): Promise<DirectoryRange> {
  const tailBytes = Math.min(source.size, END_BYTES + LONGEST_COMMENT);
  const tail = new DataView((await source.read(source.size - tailBytes, tailBytes)).buffer);
  const end = findEnd(tail);
  const endOffset = source.size - tailBytes + end;
  const range = await findZip64(source, endOffset) ?? {
    entries: tail.getUint16(end + 10, true),
    size: tail.getUint32(end + 12, true),
    offset: tail.getUint32(end + 16, true),
    end: endOffset,
  };
  if (range.offset + range.size !== range.end) {
    throw damaged("its zip directory does not lie where the end of the file says");
  }
  return range;
}

function findEnd(tail: DataView): number {
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END_SIGNATURE) continue;
    if (at + END_BYTES + tail.getUint16(at + 20, true) === tail.byteLength) return at;
  }
  throw damaged("it breaks off before the directory that ends a zip file");
}

/** The 64-bit end of the directory, which lies before a locator; null if there is none. */
async function findZip64(source: ByteSource, endOffset: number) {
  if (endOffset < LOCATOR_BYTES) return null;
  const locator = await viewOf(source, endOffset - LOCATOR_BYTES, LOCATOR_BYTES);
  if (locator.getUint32(0, true) !== LOCATOR_SIGNATURE) return null;
  const end = readUint64(locator, 8);
  const view = await viewOf(source, end, END64_BYTES);
  if (view.getUint32(0, true) !== END64_SIGNATURE) {
    throw damaged("its 64-bit zip directory does not end where the file says");
  }
  return {
    entries: readUint64(view, 32),
    size: readUint64(view, 40),
    offset: readUint64(view, 48),
    end,
  };
}

async function viewOf(source: ByteSource, offset: number, length: number): Promise<DataView> {
  return new DataView((await source.read(offset, length)).buffer);
}

/** A 64-bit number, as far as numbers are exact. */
export function readUint64(view: DataView, offset: number): number {
  const value = view.getBigUint64(offset, true);
  if (value > Number.MAX_SAFE_INTEGER) throw damaged(`its zip directory holds a size of ${value}`);
  return Number(value);
}
