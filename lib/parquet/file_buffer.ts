/**
 * A local file as hyparquet reads it.
 *
 * @module
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { AsyncBuffer } from "../npm/hyparquet.ts";

/** An open file of which ranges are read. */
export interface FileBuffer extends AsyncBuffer, Disposable {
  /** Bytes of the file when it was opened. */
  readonly byteLength: number;
  /**
   * Bytes from `start` up to `end`, or up to the end of the file: these and no others are read.
   * As with arrays, a negative number counts from the end.
   *
   * @throws {Error} If the file does not hold them all.
   */
  slice(start: number, end?: number): ArrayBuffer;
  /**
   * Fills `bytes` with what lies from `start` on.
   *
   * @throws {Error} If the file does not hold that many.
   */
  fill(bytes: Uint8Array, start: number): void;
}

/**
 * Opens a file for reading ranges of it. Reads are synchronous: what waits for them is a thread
 * that has nothing else to do.
 *
 * @param path The file.
 * @throws {Error} As `node:fs` does, if there is no such file or it may not be read.
 */
export function openFileBuffer(path: string): FileBuffer {
  const descriptor = openSync(path, "r");
  using opened = new DisposableStack();
  opened.defer(() => closeSync(descriptor));
  const byteLength = fstatSync(descriptor).size;
  const owned = opened.move();
  const file = { path, descriptor, byteLength };
  return {
    byteLength,
    slice(start, end = byteLength) {
      const first = start < 0 ? Math.max(0, byteLength + start) : start;
      const last = end < 0 ? byteLength + end : end;
      checkRange(file, first, last);
      const bytes = new Uint8Array(last - first);
      readAt(file, bytes, first);
      return bytes.buffer;
    },
    fill(bytes, start) {
      checkRange(file, start, start + bytes.length);
      readAt(file, bytes, start);
    },
    [Symbol.dispose]: () => owned.dispose(),
  };
}

interface OpenFile {
  readonly path: string;
  readonly descriptor: number;
  readonly byteLength: number;
}

function checkRange(file: OpenFile, start: number, end: number): void {
  const isRange = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start <= end;
  if (!isRange || start < 0 || end > file.byteLength) throw outside(file, start, end);
}

function readAt(file: OpenFile, bytes: Uint8Array, start: number): void {
  let filled = 0;
  while (filled < bytes.length) {
    const count = readSync(file.descriptor, bytes, filled, bytes.length - filled, start + filled);
    if (count === 0) throw outside(file, start, start + bytes.length);
    filled += count;
  }
}

function outside({ path, byteLength }: OpenFile, start: number, end: number): Error {
  return new Error(
    `Cannot read bytes ${start} to ${end} of '${path}': the file has ${byteLength} bytes`,
  );
}
