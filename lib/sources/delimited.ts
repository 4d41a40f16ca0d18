/**
 * Records of a delimited text: CSV by RFC 4180, or plain cells between delimiters.
 *
 * @module
 */

import type { Line, LineBatch } from "./lines.ts";

/** How cells are told apart. */
export interface DelimitedFormat {
  /** What stands between two cells. */
  readonly delimiter: string;
  /** Whether a cell may be enclosed in double quotes (RFC 4180); otherwise quotes are text. */
  readonly quotes: boolean;
}

/** A record, or a line that is none. */
export type DelimitedRecord =
  | {
    readonly kind: "record";
    /** The line where it begins, from 1. */
    readonly line: number;
    readonly cells: readonly string[];
  }
  | {
    readonly kind: "broken";
    readonly line: number;
    readonly problem: string;
  };

/** A quote that is still open after so many lines is a stray one. */
const MAX_RECORD_LINES = 1000;

type Scan =
  | { readonly kind: "record"; readonly cells: string[]; readonly next: number }
  | { readonly kind: "broken"; readonly problem: string }
  | { readonly kind: "open" };

/**
 * Reads records. Empty lines are skipped. Where a quote goes wrong, the line that it stands on is
 * broken and reading goes on with the next line, so that a stray quote costs one record.
 */
export async function* readRecords(
  batches: AsyncIterable<LineBatch>,
  format: DelimitedFormat,
): AsyncGenerator<readonly DelimitedRecord[], void, void> {
  let open: readonly Line[] = [];
  let firstLine = 1;
  for await (const batch of batches) {
    const lines = open.length === 0 ? batch.lines : [...open, ...batch.lines];
    firstLine = batch.firstLine - open.length;
    const { records, consumed } = scanLines(lines, firstLine, format, false);
    yield records;
    open = lines.slice(consumed);
    firstLine += consumed;
  }
  yield scanLines(open, firstLine, format, true).records;
}

interface ScannedLines {
  readonly records: readonly DelimitedRecord[];
  /** Lines that need not be looked at again. */
  readonly consumed: number;
}

function scanLines(
  lines: readonly Line[],
  firstLine: number,
  format: DelimitedFormat,
  isEnd: boolean,
): ScannedLines {
  const records: DelimitedRecord[] = [];
  let index = 0;
  while (index < lines.length) {
    const line = firstLine + index;
    const scan = scanRecord(lines, index, format);
    if (scan.kind === "open" && !isEnd) break;
    if (scan.kind === "record") {
      const { cells, next } = scan;
      if (!isBlank(lines[index])) records.push({ kind: "record", line, cells });
      index = next;
    } else {
      const problem = scan.kind === "open"
        ? "a quote is opened in it and never closed"
        : scan.problem;
      records.push({ kind: "broken", line, problem });
      index++;
    }
  }
  return { records, consumed: index };
}

function scanRecord(
  lines: readonly Line[],
  index: number,
  format: DelimitedFormat,
): Scan {
  const line = lines[index] ?? "";
  if (typeof line !== "string") return { kind: "broken", ...line };
  if (format.quotes && line.includes('"')) {
    return new QuotedRecord(lines, index, format.delimiter).scan();
  }
  const cells = withoutReturn(line).split(format.delimiter);
  return { kind: "record", cells, next: index + 1 };
}

function isBlank(line: Line | undefined): boolean {
  return line === "" || line === "\r";
}

function withoutReturn(text: string): string {
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}

/** Reads one record that has quotes in its first line. */
class QuotedRecord {
  readonly #lines: readonly Line[];
  readonly #first: number;
  readonly #delimiter: string;
  readonly #cells: string[] = [];
  #index: number;
  #text = "";
  #position = 0;

  constructor(lines: readonly Line[], first: number, delimiter: string) {
    this.#lines = lines;
    this.#first = first;
    this.#index = first;
    this.#delimiter = delimiter;
  }

  scan(): Scan {
    const first = this.#enterLine();
    if (first !== null) return first;
    while (true) {
      if (this.#text[this.#position] === '"') {
        const failure = this.#readQuotedCell();
        if (failure !== null) return failure;
      } else this.#readPlainCell();
      if (this.#isAtLineEnd()) {
        return { kind: "record", cells: this.#cells, next: this.#index + 1 };
      }
      if (!this.#text.startsWith(this.#delimiter, this.#position)) {
        return { kind: "broken", problem: "text follows a closing quote" };
      }
      this.#position += this.#delimiter.length;
    }
  }

  #isAtLineEnd(): boolean {
    const rest = this.#text.length - this.#position;
    return rest === 0 || (rest === 1 && this.#text.endsWith("\r"));
  }

  #readPlainCell(): void {
    const end = this.#text.indexOf(this.#delimiter, this.#position);
    const cell = this.#text.slice(this.#position, end < 0 ? undefined : end);
    this.#cells.push(end < 0 ? withoutReturn(cell) : cell);
    this.#position = end < 0 ? this.#text.length : end;
  }

  #readQuotedCell(): Scan | null {
    let cell = "";
    this.#position++;
    while (true) {
      const end = this.#text.indexOf('"', this.#position);
      if (end < 0) {
        cell += `${this.#text.slice(this.#position)}\n`;
        this.#index++;
        const failure = this.#enterLine();
        if (failure !== null) return failure;
        continue;
      }
      cell += this.#text.slice(this.#position, end);
      this.#position = end + 1;
      if (this.#text[this.#position] !== '"') break;
      cell += '"';
      this.#position++;
    }
    this.#cells.push(cell);
    return null;
  }

  #enterLine(): Scan | null {
    if (this.#index - this.#first >= MAX_RECORD_LINES) {
      const problem = `a quote is opened in it and not closed within ${MAX_RECORD_LINES} lines`;
      return { kind: "broken", problem };
    }
    const line = this.#lines[this.#index];
    if (line === undefined) return { kind: "open" };
    if (typeof line !== "string") {
      const problem = "a quote is opened in it and a broken line follows";
      return { kind: "broken", problem };
    }
    this.#text = line;
    this.#position = 0;
    return null;
  }
}
