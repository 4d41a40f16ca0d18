/**
 * Bytes of a page as they are decompressed, without all of them in memory.
 *
 * @module
 */
import type { FileBuffer } from "./file_buffer.ts";
import { type SnappyPart, snappyParts, uncompressPart } from "./snappy.ts";
import { SpareBytes } from "./page_values.ts";

/** Where bytes lie in a file, and how many come out of them. */
export interface StoredBytes {
  readonly offset: number;
  readonly size: number;
  readonly length: number;
}

/** Bytes that can be read anywhere. */
export interface PlainBytes {
  readonly length: number;
  /** Fills `target` with what lies from `position` on; `length` is not exceeded. */
  read(file: FileBuffer, position: number, target: Uint8Array): void;
}

/** Bytes that are not compressed. */
export function uncompressedBytes({ offset, length }: StoredBytes): PlainBytes {
  return {
    length,
    read: (file, position, target) => file.fill(target, offset + position),
  };
}

/** Bytes that are read at once to look through a stream. */
const PIECE = 1 << 20;

/** Bytes that Snappy compressed: the parts that hold what is wanted are decompressed. */
export class SnappyBytes implements PlainBytes {
  readonly length: number;
  readonly #offset: number;
  readonly #parts: readonly SnappyPart[];
  readonly #reach: number;
  readonly #input = new SpareBytes();
  /** The part that was decompressed last, behind as much of what came before as copies reach. */
  #output: Uint8Array<ArrayBuffer>;
  #held = -1;

  /** @throws {Error} If the stream is damaged: its bytes are looked through. */
  constructor(file: FileBuffer, { offset, size, length }: StoredBytes) {
    this.length = length;
    this.#offset = offset;
    const piece = new Uint8Array(Math.min(PIECE, size));
    const read = (start: number) => {
      const bytes = piece.subarray(0, size - start);
      file.fill(bytes, offset + start);
      return bytes;
    };
    const { parts, reach } = snappyParts(size, read, length);
    this.#parts = parts;
    this.#reach = reach;
    const longest = parts.map((_, index) => this.#lengthOf(index)).reduce((a, b) => Math.max(a, b));
    this.#output = new Uint8Array(reach + longest);
  }

  read(file: FileBuffer, position: number, target: Uint8Array): void {
    let filled = 0;
    for (let index = this.#partAt(position); filled < target.length; index++) {
      this.#hold(file, index);
      const start = this.#reach + position + filled - this.#at(index).output;
      const end = Math.min(this.#reach + this.#lengthOf(index), start + target.length - filled);
      target.set(this.#output.subarray(start, end), filled);
      filled += end - start;
    }
  }

  /** The part that holds a position. */
  #partAt(position: number): number {
    let low = 0;
    let high = this.#parts.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#at(middle).output <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Decompresses a part, and before it those that it copies from. */
  #hold(file: FileBuffer, index: number): void {
    if (this.#held === index) return;
    let first = index;
    while (!this.#at(first).isFree && first !== this.#held + 1) first--;
    for (let next = first; next <= index; next++) this.#uncompress(file, next);
  }

  #uncompress(file: FileBuffer, index: number): void {
    const part = this.#at(index);
    if (!part.isFree) {
      const end = this.#reach + this.#lengthOf(this.#held);
      this.#output.copyWithin(0, end - this.#reach, end);
    }
    // Until it is whole nothing is held.
    this.#held = -1;
    const bytes = this.#input.take(this.#at(index + 1).input - part.input);
    file.fill(bytes, this.#offset + part.input);
    const output = this.#output.subarray(0, this.#reach + this.#lengthOf(index));
    uncompressPart(bytes, part, output, this.#reach);
    this.#held = index;
  }

  #lengthOf(index: number): number {
    return (this.#parts[index + 1]?.output ?? this.length) - this.#at(index).output;
  }

  #at(index: number): SnappyPart {
    const part = this.#parts[index];
    if (part === undefined) throw new Error("a page ends too early");
    return part;
  }
}
