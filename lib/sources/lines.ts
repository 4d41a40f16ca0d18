/**
 * Lines of a text file, with their numbers, fast and without trusting them.
 *
 * @module
 */

/** A line that is not text. */
export interface BrokenLine {
  readonly problem: string;
}

/** A line without its `\n`; a `\r` before it is still there. */
export type Line = string | BrokenLine;

/** Lines that follow one another. */
export interface LineBatch {
  /** The number of the first of them, from 1. */
  readonly firstLine: number;
  readonly lines: readonly Line[];
}

/** How to read lines. */
export interface LineOptions {
  /** Longer lines are broken lines: they would not fit into memory. @default {67108864} */
  readonly maxLineBytes?: number;
}

const NEWLINE = 0x0a;
const DEFAULT_MAX_LINE_BYTES = 64 * 1024 * 1024;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Cuts chunks of UTF-8 into lines. A byte order mark at the beginning is dropped; the last line
 * may lack its `\n`; a line that is not UTF-8 is a broken line and leaves its neighbours alone.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  options: LineOptions = {},
): AsyncGenerator<LineBatch, void, void> {
  const maxLineBytes = options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES;
  const tail = new Tail(maxLineBytes);
  let firstLine = 1;
  for await (const chunk of withoutByteOrderMark(chunks)) {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end < 0) {
      tail.push(chunk);
      continue;
    }
    const start = chunk.indexOf(NEWLINE) + 1;
    const lines = [
      ...tail.finish(chunk.subarray(0, start - 1)),
      ...(start <= end ? decodeLines(chunk.subarray(start, end)) : []),
    ];
    yield { firstLine, lines };
    firstLine += lines.length;
    tail.push(chunk.subarray(end + 1));
  }
  if (!tail.isEmpty) yield { firstLine, lines: tail.finish(new Uint8Array()) };
}

/** The beginning of a line whose end has not been read yet. */
class Tail {
  readonly #maxBytes: number;
  #parts: Uint8Array[] = [];
  #byteLength = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.#byteLength === 0;
  }

  push(part: Uint8Array): void {
    this.#byteLength += part.length;
    if (this.#byteLength > this.#maxBytes) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  /** Ends the line; the next one starts empty. */
  finish(part: Uint8Array): readonly Line[] {
    this.push(part);
    const byteLength = this.#byteLength;
    const parts = this.#parts;
    this.#byteLength = 0;
    this.#parts = [];
    if (byteLength > this.#maxBytes) {
      return [{ problem: `it is longer than ${this.#maxBytes} bytes` }];
    }
    return [decodeLine(join(parts, byteLength))];
  }
}

function decodeLines(block: Uint8Array): Line[] {
  try {
    return decoder.decode(block).split("\n");
  } catch {
    return splitBytes(block).map(decodeLine);
  }
}

function decodeLine(bytes: Uint8Array): Line {
  try {
    return decoder.decode(bytes);
  } catch {
    return { problem: "it is not valid UTF-8" };
  }
}

function splitBytes(block: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (
    let end = block.indexOf(NEWLINE);
    end >= 0;
    end = block.indexOf(NEWLINE, start)
  ) {
    lines.push(block.subarray(start, end));
    start = end + 1;
  }
  lines.push(block.subarray(start));
  return lines;
}

function join(parts: readonly Uint8Array[], byteLength: number): Uint8Array {
  const only = parts[0];
  if (parts.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(byteLength);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Drops `EF BB BF` at the very beginning, however the chunks are cut. */
async function* withoutByteOrderMark(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  let head: Uint8Array | null = new Uint8Array();
  for await (const chunk of chunks) {
    if (head === null) {
      yield chunk;
      continue;
    }
    head = join([head, chunk], head.length + chunk.length);
    if (head.length < 3) continue;
    yield hasByteOrderMark(head) ? head.subarray(3) : head;
    head = null;
  }
  if (head !== null && head.length > 0) yield head;
}

function hasByteOrderMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
