/**
 * Which page of a column holds a row. Pages are found by their headers: many files have no index
 * of them, and a file that holds only some of its row groups does not hold it either.
 *
 * @module
 */
import { parquetHeader } from "../npm/hyparquet_pages.ts";
import type { CellChunk } from "./cell_column.ts";
import type { FileBuffer } from "./file_buffer.ts";

/** The header of a page, as hyparquet reads it. */
export type PageHeader = ReturnType<typeof parquetHeader>;

/** A page in the file. */
export interface Page {
  /** Where its data lies, behind the header. */
  readonly offset: number;
  readonly header: PageHeader;
  /** Its first row in the row group, and how many it holds; none in a dictionary. */
  readonly firstRow: number;
  readonly rows: number;
}

/** Headers are some ten bytes long, unless they hold statistics of long values. */
const HEADER_LENGTHS = [1 << 9, 1 << 16, 1 << 22];

/** The pages of a chunk, as far as they were looked for. */
export class ChunkPages {
  readonly chunk: CellChunk;
  #pages: Page[] = [];
  #dictionary: Page | null = null;
  #offset: number;
  #rows = 0;

  constructor(chunk: CellChunk) {
    this.chunk = chunk;
    this.#offset = chunk.start;
  }

  /** The page of values that others refer to; it comes before them. */
  get dictionary(): Page | null {
    return this.#dictionary;
  }

  /**
   * The page that holds a row of the row group.
   *
   * @throws {Error} If the headers up to there are damaged.
   */
  find(file: FileBuffer, row: number): Page {
    while (row >= this.#rows) this.#findNext(file);
    let low = 0;
    let high = this.#pages.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#pages[middle]?.firstRow ?? Infinity) <= row) low = middle;
      else high = middle - 1;
    }
    const page = this.#pages[low];
    if (page === undefined) throw new Error(`no page holds row ${row}`);
    return page;
  }

  #findNext(file: FileBuffer): void {
    const { end, rows: total } = this.chunk;
    if (this.#offset >= end) throw new Error(`its pages hold ${this.#rows} of ${total} rows`);
    const { header, length } = readHeader(file, this.#offset, end);
    const offset = this.#offset + length;
    const size = header.compressed_page_size;
    if (!(size >= 0 && offset + size <= end)) {
      throw new Error("a page reaches beyond the column");
    }
    if (!(header.uncompressed_page_size <= this.chunk.uncompressed)) {
      throw new Error("a page claims to hold more bytes than the column");
    }
    const rows = rowsOf(header);
    if (!(rows >= 0 && this.#rows + rows <= total)) {
      throw new Error("a page claims to hold more rows than the row group");
    }
    const page = { offset, header, firstRow: this.#rows, rows };
    if (header.type === "DICTIONARY_PAGE") this.#dictionary ??= page;
    else if (rows > 0) this.#pages.push(page);
    this.#rows += rows;
    this.#offset = offset + size;
  }
}

/** Columns that are no lists have a value, or a null, a row. */
function rowsOf({ data_page_header: v1, data_page_header_v2: v2 }: PageHeader): number {
  return v1?.num_values ?? v2?.num_rows ?? 0;
}

function readHeader(
  file: FileBuffer,
  start: number,
  end: number,
): { header: PageHeader; length: number } {
  for (const length of HEADER_LENGTHS) {
    const last = Math.min(end, start + length);
    const reader = { view: new DataView(file.slice(start, last)), offset: 0 };
    try {
      return { header: parquetHeader(reader), length: reader.offset };
    } catch (error) {
      const isWhole = last === end || length === HEADER_LENGTHS.at(-1);
      if (isWhole) throw new Error("the header of a page cannot be read", { cause: error });
    }
  }
  throw new RangeError("Cannot read a header: no length is left to try");
}
