/**
 * Snappy, part by part. The format is one stream of literals and of copies of what came before
 * (https://github.com/google/snappy/blob/main/format_description.txt). Usual compressors look no
 * more than 64 KB back, and most of them start anew after each 64 KB.
 *
 * @module
 */

/** Where a part begins. */
export interface SnappyPart {
  /** In what is compressed. */
  readonly input: number;
  /** In what comes out of it. */
  readonly output: number;
  /** Bytes at its beginning that still belong to a literal. */
  readonly literal: number;
  /** Whether neither it nor what follows copies from before it. */
  readonly isFree: boolean;
}

/** A stream as it was found. */
export interface SnappyParts {
  /** In order; at last one without bytes, where all ends. */
  readonly parts: readonly SnappyPart[];
  /** How far back copies reach at most. */
  readonly reach: number;
}

/** Bytes that a tag takes at most. */
const LONGEST_TAG = 5;
/** Bytes of output that a part has at least. */
const PART = 1 << 16;
/** Up to this length a loop is faster than a call. Bytes. */
const SHORT = 64;

/**
 * Looks through a stream, and cuts it into parts.
 *
 * @param size Bytes of the stream.
 * @param read Gives some bytes from `start` on: five at least, unless the stream ends before.
 * @param length Bytes that have to come out of it.
 * @throws {Error} If it is no such stream.
 */
export function snappyParts(
  size: number,
  read: (start: number) => Uint8Array,
  length: number,
): SnappyParts {
  const parts = new PartList();
  const element = new Element();
  let [piece, pieceStart] = [read(0), 0];
  let [input, output] = [preambleLength(piece), 0];
  while (input < size) {
    if (input - pieceStart + LONGEST_TAG > piece.length) [piece, pieceStart] = [read(input), input];
    element.read(piece, input - pieceStart);
    if (element.offset > output) throw new Error("its Snappy copies what is not there");
    parts.add(element, input, output);
    input += element.head + (element.offset === 0 ? element.length : 0);
    output += element.length;
    if (output > length) break;
  }
  if (input !== size || output !== length) throw new Error("its Snappy has another length");
  return parts.end(input, output);
}

/** Parts while a stream is looked through. */
class PartList {
  #parts: { input: number; output: number; literal: number; isFree: boolean }[] = [];
  /** Places of those that are free so far: the last ones are what a copy reaches first. */
  #free: number[] = [];
  #due = 0;
  #reach = 0;

  add({ head, length, offset }: Element, input: number, output: number): void {
    if (output >= this.#due) this.#begin(input, output, 0);
    if (offset > 0) {
      this.#reach = Math.max(this.#reach, offset);
      this.#bind(output - offset);
      return;
    }
    while (output + length > this.#due) {
      const done = this.#due - output;
      this.#begin(input + head + done, this.#due, length - done);
    }
  }

  end(input: number, output: number): SnappyParts {
    return {
      parts: [...this.#parts, { input, output, literal: 0, isFree: true }],
      reach: this.#reach,
    };
  }

  #begin(input: number, output: number, literal: number): void {
    this.#free.push(this.#parts.length);
    this.#parts.push({ input, output, literal, isFree: true });
    this.#due = output + PART;
  }

  /** A copy from there needs what came before the parts that begin later. */
  #bind(source: number): void {
    while (true) {
      const part = this.#parts[this.#free.at(-1) ?? -1];
      if (part === undefined || part.output <= source) return;
      part.isFree = false;
      this.#free.pop();
    }
  }
}

/**
 * Decompresses a part.
 *
 * @param input All of it.
 * @param output What comes out, from `start` on to its end; before it what came out before.
 * @throws {Error} If it is damaged.
 */
export function uncompressPart(
  input: Uint8Array,
  { literal }: Pick<SnappyPart, "literal">,
  output: Uint8Array,
  start: number,
): void {
  const element = new Element();
  let from = Math.min(literal, output.length - start);
  let to = start + from;
  copyLiteral(input.subarray(0, from), output, start);
  while (from < input.length) {
    element.read(input, from);
    from += element.head;
    const { offset } = element;
    const length = offset === 0 ? Math.min(element.length, output.length - to) : element.length;
    if (offset > to) throw new Error("its Snappy copies what is not there");
    if (length > output.length - to) throw new Error("its Snappy has another length");
    if (offset === 0) {
      copyLiteral(input.subarray(from, from + length), output, to);
      from += length;
    } else repeat(output, to - offset, to, length);
    to += length;
  }
  if (from !== input.length || to !== output.length) {
    throw new Error("its Snappy has another length");
  }
}

/** One element after another. */
class Element {
  /** Bytes of its tag. */
  head = 0;
  /** Bytes that come out of it. */
  length = 0;
  /** How far back they lie; 0 for a literal, whose bytes follow the tag. */
  offset = 0;

  read(bytes: Uint8Array, at: number): void {
    const tag = bytes[at] ?? 0;
    const kind = tag & 3;
    this.offset = 0;
    if (kind === 0) {
      const extra = Math.max(0, (tag >>> 2) - 59);
      this.head = 1 + extra;
      this.length = 1 + (extra === 0 ? tag >>> 2 : number(bytes, at + 1, extra));
      return;
    }
    this.length = kind === 1 ? 4 + (tag >>> 2 & 7) : 1 + (tag >>> 2);
    const size = kind === 3 ? 4 : kind;
    this.head = 1 + size;
    this.offset = number(bytes, at + 1, size) + (kind === 1 ? tag >>> 5 << 8 : 0);
    if (this.offset === 0) throw new Error("its Snappy copies what is not there");
  }
}

/** A number of some bytes, the lowest first. */
function number(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

/** The length of all that comes out, seven bits a byte. */
function preambleLength(bytes: Uint8Array): number {
  return bytes.findIndex((byte) => byte < 128) + 1;
}

function copyLiteral(bytes: Uint8Array, output: Uint8Array, to: number): void {
  if (bytes.length > SHORT) output.set(bytes, to);
  else for (let i = 0; i < bytes.length; i++) output[to + i] = bytes[i] ?? 0;
}

/** What is repeated may reach into what it makes. */
function repeat(output: Uint8Array, from: number, to: number, length: number): void {
  for (let i = 0; i < length; i++) output[to + i] = output[from + i] ?? 0;
}
