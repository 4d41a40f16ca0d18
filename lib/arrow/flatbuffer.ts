/**
 * Tables of FlatBuffers, in which Arrow writes what its messages are.
 * Format: https://flatbuffers.dev/internals/
 *
 * @module
 */

const decoder = new TextDecoder();

/** What is wrong with an Arrow file: the part of a message after its colon. */
export class ArrowFault extends Error {
  override name = "ArrowFault";
}

/** A vector of structs of one size: they lie one after the other. */
export interface StructVector {
  readonly length: number;
  /** The whole number of 64 bits that stands `offset` bytes into a struct. */
  int64(index: number, offset: number): number;
}

/**
 * A table; fields have numbers in the order of the schema, from 0. What is read outside of the
 * buffer throws a `RangeError`, as `DataView` does.
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #position: number;

  private constructor(view: DataView, position: number) {
    this.#view = view;
    this.#position = position;
  }

  /** The table that a buffer holds. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true));
  }

  int8(field: number): number {
    return this.#read(field, (at) => this.#view.getUint8(at)) ?? 0;
  }

  int16(field: number): number {
    return this.#read(field, (at) => this.#view.getInt16(at, true)) ?? 0;
  }

  int32(field: number): number {
    return this.#read(field, (at) => this.#view.getInt32(at, true)) ?? 0;
  }

  int64(field: number): number {
    return this.#read(field, (at) => int64(this.#view, at)) ?? 0;
  }

  table(field: number): FlatTable | null {
    return this.#read(field, (at) => new FlatTable(this.#view, this.#follow(at)));
  }

  text(field: number): string | null {
    return this.#read(field, (at) => {
      const start = this.#follow(at);
      return decoder.decode(this.#bytes(start + 4, this.#view.getUint32(start, true)));
    });
  }

  /** One after the other: a few bytes may say that there are more than memory holds. */
  *tables(field: number): Generator<FlatTable, void, void> {
    const { start, length } = this.#read(field, (at) => this.#vector(at, 4)) ??
      { start: 0, length: 0 };
    for (let index = 0; index < length; index++) {
      yield new FlatTable(this.#view, this.#follow(start + 4 * index));
    }
  }

  /** @param size Bytes of one. */
  structs(field: number, size: number): StructVector {
    const none = { length: 0, int64: () => 0 };
    return this.#read(field, (at) => {
      const { start, length } = this.#vector(at, size);
      return {
        length,
        int64: (index, offset) => int64(this.#view, start + index * size + offset),
      };
    }) ?? none;
  }

  /** Reads a field, if the table has it: its place is in the table of offsets. */
  #read<T>(field: number, read: (at: number) => T): T | null {
    const offsets = this.#position - this.#view.getInt32(this.#position, true);
    const entry = 4 + 2 * field;
    if (entry >= this.#view.getUint16(offsets, true)) return null;
    const offset = this.#view.getUint16(offsets + entry, true);
    return offset === 0 ? null : read(this.#position + offset);
  }

  #follow(at: number): number {
    return at + this.#view.getUint32(at, true);
  }

  #vector(at: number, size: number): { start: number; length: number } {
    const start = this.#follow(at);
    const length = this.#view.getUint32(start, true);
    // Before anything is made that is as long as this.
    this.#bytes(start + 4, length * size);
    return { start: start + 4, length };
  }

  #bytes(start: number, length: number): Uint8Array {
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset, this.#view.byteLength)
      .subarray(start, checkedEnd(this.#view, start, length));
  }
}

function checkedEnd(view: DataView, start: number, length: number): number {
  if (start + length <= view.byteLength) return start + length;
  throw new RangeError("the metadata ends within a value");
}

function int64(view: DataView, at: number): number {
  const value = view.getBigInt64(at, true);
  if (value >= 0n && value <= Number.MAX_SAFE_INTEGER) return Number(value);
  throw new RangeError(`the metadata holds ${value} for a length`);
}
