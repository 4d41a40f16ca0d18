/**
 * Walking the chunks of a RIFF file.
 *
 * @module
 */
import type { ByteSource } from "./byte_source.ts";

/** One chunk of a RIFF file. */
export interface WavChunk {
  /** Four characters: `fmt `, `data`, `LIST`. */
  readonly id: string;
  /** Where its content begins, in bytes. */
  readonly offset: number;
  /** Bytes of content as declared; more than the file holds where the header lies. */
  readonly size: number;
  /** Whether the size was written as 64 bits, which no stream does before it knows it. */
  readonly isLong: boolean;
  /** The first bytes of its content: `length` of them, or fewer where it ends first. */
  read(length: number): Uint8Array<ArrayBuffer>;
}

/** Where the first chunk of a RIFF file begins, in bytes. */
const FIRST_CHUNK = 12;

/** A 32-bit size that says: see the `ds64` chunk. */
const SIZE_ELSEWHERE = 0xffffffff;

/**
 * Walks the chunks, in the order of the file, without reading their content.
 *
 * @param source The file.
 * @param position Where a chunk begins, in bytes. @default {12}
 */
export function* wavChunks(
  source: ByteSource,
  position = FIRST_CHUNK,
): Generator<WavChunk, void> {
  let longDataSize: number | null = null;
  while (position + 8 <= source.size) {
    const header = source.read(position, 8);
    if (header.length < 8) return;
    const id = String.fromCharCode(...header.subarray(0, 4));
    const declared = uint32(header, 4);
    const offset = position + 8;
    const isLong = id === "data" && declared === SIZE_ELSEWHERE && longDataSize !== null;
    const size = isLong ? longDataSize ?? declared : declared;
    const read = (length: number) => source.read(offset, Math.min(length, size));
    if (id === "ds64") longDataSize = readLongDataSize(read(16));
    yield { id, offset, size, isLong, read };
    position = offset + size + size % 2;
  }
}

/** The `data` size in a `ds64` chunk: after the file's own size, 64 bits, little-endian. */
function readLongDataSize(bytes: Uint8Array): number | null {
  if (bytes.length < 16) return null;
  const size = uint32(bytes, 8) + uint32(bytes, 12) * 2 ** 32;
  return size === 0 ? null : size;
}

function uint32(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset, true);
}
