/**
 * Structs of Thrift's compact protocol, in which Parquet writes the headers of its pages.
 * Source: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 *
 * @module
 */

/** A struct: its whole numbers and structs by their field ids. Other values are passed over. */
export type ThriftStruct = ReadonlyMap<number, number | ThriftStruct>;

/** The bytes end before the struct does. */
export class ThriftEndError extends Error {
  override name = "ThriftEndError";
}

/** Deeper nesting than any header has. */
const MAX_DEPTH = 16;

/** Reads one struct after another. */
export class ThriftReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bytes that were read. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * Reads a struct.
   *
   * @throws {ThriftEndError} If the bytes end before it does.
   * @throws {Error} If it is none.
   */
  struct(depth = 0): ThriftStruct {
    if (depth > MAX_DEPTH) throw new Error("structs are nested too deep");
    const fields = new Map<number, number | ThriftStruct>();
    let id = 0;
    while (true) {
      const byte = this.#byte();
      if (byte === 0) return fields;
      const delta = byte >> 4;
      id = delta === 0 ? this.#zigzag() : id + delta;
      // Booleans are part of the field's first byte.
      const value = isBoolean(byte & 15) ? null : this.#value(byte & 15, depth);
      if (value !== null) fields.set(id, value);
    }
  }

  #value(type: number, depth: number): number | ThriftStruct | null {
    switch (type) {
      case 1:
      case 2:
      case 3:
        return this.#skip(1);
      case 4:
      case 5:
      case 6:
        return this.#zigzag();
      case 7:
        return this.#skip(8);
      case 8:
        return this.#skip(this.#varint());
      case 9:
      case 10:
        return this.#list(depth);
      case 12:
        return this.struct(depth + 1);
      default:
        throw new Error(`${type} is no type of a field`);
    }
  }

  #list(depth: number): null {
    const byte = this.#byte();
    const count = byte >> 4 === 15 ? this.#varint() : byte >> 4;
    for (let index = 0; index < count; index++) this.#value(byte & 15, depth + 1);
    return null;
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 70; scale *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new Error("a number has too many bytes");
  }

  #byte(): number {
    const byte = this.#bytes[this.#offset++];
    if (byte === undefined) throw new ThriftEndError("the bytes end within a struct");
    return byte;
  }

  #skip(length: number): null {
    this.#offset += length;
    if (this.#offset > this.#bytes.length) throw new ThriftEndError("the bytes end within a value");
    return null;
  }
}

function isBoolean(type: number): boolean {
  return type === 1 || type === 2;
}
