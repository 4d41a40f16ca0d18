/**
 * Bytes that are read by range, so that a checkpoint of any size needs little memory.
 *
 * @module
 */
import { closeSync, fstatSync, openSync, read } from "node:fs";
import { CheckpointFault, damaged } from "./fault.ts";

/** Bytes that can be read at any offset. */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset` on, in a buffer of their own.
   *
   * @throws {CheckpointFault} if the range does not lie inside the source.
   */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** The system reads less than 2 GiB at once. Bytes. */
const LARGEST_READ = 2 ** 30;

/** An open file as a source. */
export class FileSource implements ByteSource, Disposable {
  readonly size: number;
  readonly #descriptor: number;

  /** @param descriptor A regular file open for reading, which this closes in the end. */
  constructor(descriptor: number) {
    this.#descriptor = descriptor;
    this.size = fstatSync(descriptor).size;
  }

  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    checkRange(this, offset, length);
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const count = await readAt(this.#descriptor, bytes, filled, offset + filled);
      if (count === 0) throw damaged(`it became shorter while it was read`);
      filled += count;
    }
    return bytes;
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }
}

/**
 * Opens a regular file.
 *
 * @throws {CheckpointFault} if it is a folder or a device; the system's error if it cannot be
 * opened.
 */
export function openFileSource(path: string): FileSource {
  const descriptor = openSync(path, "r");
  const stats = fstatSync(descriptor);
  if (stats.isFile()) return new FileSource(descriptor);
  closeSync(descriptor);
  throw new CheckpointFault(
    stats.isDirectory() ? "it is a folder" : "it is not a regular file",
  );
}

/**
 * A part of a source as a source of its own. It closes nothing.
 *
 * @throws {CheckpointFault} if the range does not lie inside the source.
 */
export function rangeOf(source: ByteSource, start: number, size: number): ByteSource {
  checkRange(source, start, size);
  const range: ByteSource = {
    size,
    async read(offset, length) {
      checkRange(range, offset, length);
      return await source.read(start + offset, length);
    },
  };
  return range;
}

function checkRange(source: ByteSource, offset: number, length: number): void {
  const end = offset + length;
  if (Number.isSafeInteger(end) && offset >= 0 && length >= 0 && end <= source.size) return;
  throw damaged(`it ends at byte ${source.size}, before byte ${end} that it should hold`);
}

function readAt(
  descriptor: number,
  bytes: Uint8Array,
  start: number,
  position: number,
): Promise<number> {
  const length = Math.min(bytes.length - start, LARGEST_READ);
  return new Promise((resolve, reject) => {
    read(descriptor, bytes, start, length, position, (error, count) => {
      if (error) reject(error);
      else resolve(count);
    });
  });
}
