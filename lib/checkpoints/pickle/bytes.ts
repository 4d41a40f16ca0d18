/**
 * The bytes of a pickle, read one after the other.
 *
 * @module
 */
import { damaged } from "../fault.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads from a position on and moves it. */
export class PickleBytes {
  position: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = position;
  }

  /** Moves over `length` bytes and returns where they start. */
  #skip(length: number): number {
    const start = this.position;
    if (length > this.#bytes.length - start) {
      throw damaged(`its pickle breaks off at byte ${this.#bytes.length}`);
    }
    this.position += length;
    return start;
  }

  uint8(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#skip(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#skip(4), true);
  }

  /** A length; one beyond the bytes that are there is found by whoever reads on. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#skip(8), true));
  }

  /** Floats alone are big-endian in a pickle. */
  float64(): number {
    return this.#view.getFloat64(this.#skip(8), false);
  }

  /** A copy of the next `length` bytes. */
  take(length: number): Uint8Array {
    const start = this.#skip(length);
    return this.#bytes.slice(start, start + length);
  }

  utf8(length: number): string {
    const start = this.#skip(length);
    try {
      return UTF8.decode(this.#bytes.subarray(start, start + length));
    } catch {
      throw damaged(`its pickle holds a text at byte ${start} that is not UTF-8`);
    }
  }

  /** A text of up to 255 bytes as Python 2 wrote it. */
  latin1(length: number): string {
    return String.fromCharCode(...this.take(length));
  }

  /** Up to a line feed, which is read but not returned. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.position);
    const length = (end < 0 ? this.#bytes.length : end) - this.position;
    const text = this.utf8(length);
    this.#skip(1);
    return text;
  }

  /** A signed little-endian integer of any length; a number where it is exact. */
  integer(length: number): number | bigint {
    const start = this.#skip(length);
    let value = 0n;
    for (let index = length - 1; index >= 0; index--) {
      value = value << 8n | BigInt(this.#view.getUint8(start + index));
    }
    value = BigInt.asIntN(length * 8, value);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
}
