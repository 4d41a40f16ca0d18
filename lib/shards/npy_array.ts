/**
 * One-dimensional arrays as NumPy keeps them in files.
 * Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 * @module
 */
import type { Column } from "./column.ts";

/** Little-endian whole numbers of two or four bytes, by NumPy's names. */
export type TokenType = "<i2" | "<i4";

const MAGIC = "\x93NUMPY";
/** Magic, version and the length of the header. Bytes. */
const PREFIX = MAGIC.length + 4;
/** The data begin at a multiple of this, so that they can be mapped into memory. Bytes. */
const ALIGNMENT = 64;
const LARGEST: { readonly [Type in TokenType]: number } = {
  "<i2": 2 ** 15 - 1,
  "<i4": 2 ** 31 - 1,
};

/** The narrowest type that holds every token of a column. */
export function tokenType({ maximum }: Column): TokenType {
  return maximum !== undefined && maximum <= LARGEST["<i2"] ? "<i2" : "<i4";
}

/**
 * The bytes of a `.npy` file.
 *
 * @throws {RangeError} If a value is no whole number from 0 to the largest of the type.
 */
export function npyBytes(values: readonly number[], type: TokenType): Uint8Array {
  const header = npyHeader(values.length, type);
  const width = widthOf(type);
  const bytes = new Uint8Array(header.length + values.length * width);
  bytes.set(header);
  const view = new DataView(bytes.buffer, header.length);
  const largest = LARGEST[type];
  for (const [i, value] of values.entries()) {
    if (!(Number.isInteger(value) && value >= 0 && value <= largest)) {
      throw new RangeError(`Cannot write the token ${value}: it is not from 0 to ${largest}`);
    }
    if (width === 2) view.setInt16(2 * i, value, true);
    else view.setInt32(4 * i, value, true);
  }
  return bytes;
}

function npyHeader(length: number, type: TokenType): Uint8Array {
  const facts = `{'descr': '${type}', 'fortran_order': False, 'shape': (${length},), }`;
  const end = Math.ceil((PREFIX + facts.length + 1) / ALIGNMENT) * ALIGNMENT;
  const text = `${facts.padEnd(end - PREFIX - 1)}\n`;
  // Version 1.0, then the length of the rest in two bytes.
  const bytes = [...MAGIC].map((character) => character.charCodeAt(0));
  bytes.push(1, 0, text.length & 0xff, text.length >> 8);
  return Uint8Array.from([...bytes, ...new TextEncoder().encode(text)]);
}

/**
 * The values of a `.npy` file that `npyBytes` made.
 *
 * @throws {Error} If it is damaged, or of another type or shape.
 */
export function npyValues(bytes: Uint8Array, type: TokenType): number[] {
  const start = ALIGNMENT * Math.ceil((PREFIX + headerLength(bytes)) / ALIGNMENT);
  const width = widthOf(type);
  const count = (bytes.length - start) / width;
  const header = Number.isInteger(count) && count >= 0 ? npyHeader(count, type) : null;
  if (header === null || header.some((byte, at) => byte !== bytes[at])) {
    throw new Error(`it is no array of ${type} of one dimension`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start);
  return Array.from(
    { length: count },
    (_, i) => width === 2 ? view.getInt16(2 * i, true) : view.getInt32(4 * i, true),
  );
}

function headerLength(bytes: Uint8Array): number {
  return (bytes[PREFIX - 2] ?? 0) + 256 * (bytes[PREFIX - 1] ?? 0);
}

function widthOf(type: TokenType): 2 | 4 {
  return type === "<i2" ? 2 : 4;
}
