/**
 * Reading parts of a file, wherever it lies.
 *
 * @module
 */
import type { ByteRange } from "../../parquet/ranges.ts";
import type { DatasetFile } from "./dataset_file.ts";

/** Takes bytes and their place in the file. What was given before may be given again. */
export type TakeBytes = (bytes: Uint8Array, offset: number) => Promise<void> | void;

/** Brings parts of files. */
export interface RangeReader {
  /**
   * Gives all bytes of the ranges, in order; some of them more than once where a connection breaks.
   *
   * @throws {SpeechmillError} If they cannot be had.
   */
  read(
    file: DatasetFile,
    ranges: readonly ByteRange[],
    options: { readonly take: TakeBytes; readonly signal?: AbortSignal },
  ): Promise<void>;
}

/** The bytes of one range. */
export async function readRange(
  reader: RangeReader,
  file: DatasetFile,
  range: ByteRange,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(range.end - range.start);
  await reader.read(file, [range], {
    take: (piece, offset) => bytes.set(piece, offset - range.start),
    ...signal !== undefined && { signal },
  });
  return bytes;
}
