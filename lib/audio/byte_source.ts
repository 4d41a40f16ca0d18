/**
 * Reading bytes at an offset, which is all that header readers need.
 *
 * @module
 */
import { closeSync, openSync, readSync } from "node:fs";

/** Bytes that can be read at any offset. */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /** Bytes from `offset` on: `length` of them, or fewer where the source ends first. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer>;
}

/** Reads this much at first: most headers lie within. Bytes. */
const HEAD_LENGTH = 4096;

/** An open file as a source. Its first bytes are read once and kept. */
export class FileSource implements ByteSource, Disposable {
  readonly size: number;
  readonly #descriptor: number;
  #head: Uint8Array<ArrayBuffer> | null = null;

  /**
   * Opens a regular file.
   *
   * @param path The file.
   * @param size Its size in bytes, as `stat` gave it.
   */
  constructor(path: string, size: number) {
    this.size = size;
    this.#descriptor = openSync(path, "r");
  }

  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    if (offset + length > HEAD_LENGTH) return this.#readAt(offset, length);
    this.#head ??= this.#readAt(0, HEAD_LENGTH);
    return this.#head.subarray(offset, offset + length);
  }

  #readAt(offset: number, length: number): Uint8Array<ArrayBuffer> {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    const bytes = new Uint8Array(wanted);
    let filled = 0;
    while (filled < wanted) {
      const count = readSync(
        this.#descriptor,
        bytes,
        filled,
        wanted - filled,
        offset + filled,
      );
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }
}

/** Bytes in memory as a source. */
export class MemorySource implements ByteSource {
  readonly size: number;
  readonly #bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.size = bytes.length;
    this.#bytes = bytes;
  }

  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(offset, offset + length);
  }
}

/** A range of another source. */
export class RangeSource implements ByteSource {
  readonly size: number;
  readonly #whole: ByteSource;
  readonly #offset: number;

  /** @param range Within the other source. */
  constructor(whole: ByteSource, range: { readonly offset: number; readonly size: number }) {
    this.size = range.size;
    this.#whole = whole;
    this.#offset = range.offset;
  }

  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    return this.#whole.read(this.#offset + offset, wanted);
  }
}
