/**
 * Records of CSV by RFC 4180, to the letter: what is not whole or not well formed is an error.
 *
 * @module
 */

/** One cell. */
export interface CsvCell {
  readonly text: string;
  /** Whether it stood in quotes. */
  readonly isQuoted: boolean;
}

const PLAIN_END = /[,\n]/g;
/** Longest record. Characters. */
const MAX_RECORD = 256 * 1024 * 1024;

/**
 * Splits UTF-8 text into records that end with a line feed.
 *
 * @throws {Error} If the text is not UTF-8, a quote stands where none may, or the end is missing.
 */
export async function* readCsvRecords(
  stream: AsyncIterable<Uint8Array>,
): AsyncGenerator<CsvCell[], void, void> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let text = "";
  /** Where it pays to look again for the end of a long record. */
  let enough = 0;
  for await (const bytes of stream) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length < enough) continue;
    const scan = new RecordScan(text);
    for (let record = scan.next(); record !== null; record = scan.next()) yield record;
    text = text.slice(scan.position);
    if (text.length > MAX_RECORD) throw new Error("a record is longer than 256 Mi characters");
    enough = 2 * text.length;
  }
  const scan = new RecordScan(text + decoder.decode());
  for (let record = scan.next(); record !== null; record = scan.next()) yield record;
  if (scan.position < text.length) throw new Error("its last line has no end");
}

/** Takes record after record from the start of a text. */
class RecordScan {
  readonly #text: string;
  /** Where the first record begins that is not whole. */
  position = 0;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Null if no whole record is left. */
  next(): CsvCell[] | null {
    const cells: CsvCell[] = [];
    this.#at = this.position;
    while (true) {
      const cell = this.#text[this.#at] === '"' ? this.#quotedCell() : this.#plainCell();
      const mark = this.#text[this.#at];
      if (cell === null || mark === undefined) return null;
      cells.push(cell);
      this.#at++;
      if (mark === ",") continue;
      if (mark !== "\n") throw new Error("text follows a closing quote");
      this.position = this.#at;
      return cells;
    }
  }

  #plainCell(): CsvCell {
    const start = this.#at;
    PLAIN_END.lastIndex = start;
    this.#at = PLAIN_END.exec(this.#text)?.index ?? this.#text.length;
    const text = this.#text.slice(start, this.#at);
    if (text.includes('"') || text.includes("\r")) throw new Error("a cell lacks its quotes");
    return { text, isQuoted: false };
  }

  #quotedCell(): CsvCell | null {
    const parts: string[] = [];
    while (true) {
      const start = this.#at + 1;
      const end = this.#text.indexOf('"', start);
      if (end < 0) return null;
      parts.push(this.#text.slice(start, end));
      this.#at = end + 1;
      if (this.#text[this.#at] !== '"') return { text: parts.join('"'), isQuoted: true };
    }
  }
}
