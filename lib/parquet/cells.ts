/**
 * Single values of the audio column of local Parquet files.
 *
 * @module
 */
import { statSync } from "node:fs";
import { type FileMetaData, parquetMetadata } from "../npm/hyparquet.ts";
import { type CellChunk, type CellGroup, cellGroups } from "./cell_column.ts";
import { ChunkPages, type Page } from "./chunk_pages.ts";
import { type FileBuffer, openFileBuffer } from "./file_buffer.ts";
import { isLongPage, LongPage } from "./long_page.ts";
import { type PageValue, readPageValues, SpareBytes } from "./page_values.ts";
import { RecentPages } from "./recent_pages.ts";

/** A value of an audio column. */
export interface Cell {
  /** A file as it is; null where the value has none. A view, good until the next read. */
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  /** What the value names its file. */
  readonly path: string | null;
}

/** Part of a Parquet file cannot be read. */
export class DamagedCellError extends Error {
  override name = "DamagedCellError";
}

/** How cells are read. */
export interface CellOptions {
  /**
   * Decoded pages that are kept, in bytes; the last one always is. Rows in order need one at a
   * time. @default {32 MiB}
   */
  readonly keptBytes?: number;
  /**
   * Pages of more bytes are not decoded whole, where their values can be read one by one.
   * @default {4 MiB}
   */
  readonly wholePage?: number;
  /** @default {openFileBuffer} */
  readonly open?: (path: string) => FileBuffer;
}

const KEPT_BYTES = 32 << 20;
const WHOLE_PAGE = 4 << 20;
/** Large pages of which the places of values are kept: some 50 bytes a value. */
const KEPT_LONG_PAGES = 4;
/** Files of which the place of the column is kept. */
const KEPT_COLUMNS = 4;

interface CellColumn {
  readonly groups: readonly CellGroup[];
  readonly pages: Map<CellChunk, ChunkPages>;
}

/**
 * Reads cells by row. Only the page that holds a row is decoded, once for all of its rows if they
 * are asked for one after another; of a large page only the value. A page is large where a writer
 * makes it so: by default those of Arrow hold all audio of a row group.
 */
export class ParquetCells {
  /** What is damaged is damaged for each of its rows. */
  #columns = new Map<string, CellColumn | DamagedCellError>();
  #recent: RecentPages;
  #wholePage: number;
  #long = new Map<Page, LongPage>();
  #spare = new SpareBytes();
  #spareValue = new SpareBytes();
  #open: (path: string) => FileBuffer;

  constructor(options: CellOptions = {}) {
    const { keptBytes = KEPT_BYTES, wholePage = WHOLE_PAGE, open = openFileBuffer } = options;
    this.#recent = new RecentPages(keptBytes);
    this.#wholePage = wholePage;
    this.#open = open;
  }

  /** Bytes of decoded pages that are kept. */
  get keptBytes(): number {
    return this.#recent.bytes;
  }

  /**
   * Reads the value of a row, counted from 0 within the file.
   *
   * No file stays open: one that is deleted gives its room back.
   *
   * @throws {DamagedCellError} If the file has no such cell, or what holds it is damaged.
   * @throws {Error} As `node:fs` does, if the file cannot be read.
   */
  read(path: string, cell: { readonly row: number; readonly column: string }): Cell {
    using file = this.#open(path);
    const column = this.#column(path, file, cell.column);
    const group = column.groups.find(({ firstRow, rows }) =>
      cell.row >= firstRow && cell.row < firstRow + rows
    );
    if (group === undefined) {
      const rows = column.groups.reduce((sum, { rows }) => sum + rows, 0);
      throw new DamagedCellError(`the file has ${rows} rows`);
    }
    const value = (chunk: CellChunk | null) =>
      chunk === null ? null : this.#value(file, column, chunk, cell.row - group.firstRow);
    const name = `row group ${group.index} is damaged in column '${cell.column}'`;
    return orDamaged(name, () => {
      const text = value(group.path);
      // Before the next value takes its memory.
      const name = text === null ? null : new TextDecoder().decode(text);
      return { bytes: value(group.bytes), path: name };
    });
  }

  #column(path: string, file: FileBuffer, name: string): CellColumn {
    const { mtimeMs } = statSync(path);
    const key = JSON.stringify([path, file.byteLength, mtimeMs, name]);
    const known = this.#columns.get(key) ?? findColumn(file, name);
    if (!this.#columns.has(key)) this.#keep(key, known);
    if (known instanceof DamagedCellError) throw known;
    return known;
  }

  #keep(key: string, column: CellColumn | DamagedCellError): void {
    const [oldest] = this.#columns.keys();
    if (this.#columns.size >= KEPT_COLUMNS && oldest !== undefined) this.#columns.delete(oldest);
    this.#columns.set(key, column);
  }

  #value(file: FileBuffer, column: CellColumn, chunk: CellChunk, row: number): PageValue {
    const pages = column.pages.get(chunk) ?? new ChunkPages(chunk);
    column.pages.set(chunk, pages);
    const page = pages.find(file, row);
    const place = this.#at(file, chunk, page, row - page.firstRow);
    if (typeof place !== "number") return place;
    const { dictionary } = pages;
    const value = dictionary === null ? null : this.#at(file, chunk, dictionary, place);
    if (value !== null && typeof value !== "number") return value;
    throw new Error(`no dictionary holds a value ${place}`);
  }

  /** The value of a row of a page, or its place in the dictionary. */
  #at(file: FileBuffer, chunk: CellChunk, page: Page, row: number): PageValue | number {
    if (isLongPage(chunk, page, this.#wholePage)) {
      return this.#longPage(file, chunk, page).read(file, row, this.#spareValue);
    }
    const decoded = this.#recent.get(page, () => readPageValues(file, chunk, page, this.#spare));
    return (decoded.kind === "values" ? decoded.values : decoded.places)[row] ?? null;
  }

  #longPage(file: FileBuffer, chunk: CellChunk, page: Page): LongPage {
    const known = this.#long.get(page);
    if (known !== undefined) return known;
    const long = new LongPage(file, chunk, page);
    const [oldest] = this.#long.keys();
    if (this.#long.size >= KEPT_LONG_PAGES && oldest !== undefined) this.#long.delete(oldest);
    this.#long.set(page, long);
    return long;
  }
}

function findColumn(file: FileBuffer, name: string): CellColumn | DamagedCellError {
  try {
    const groups = orDamaged("", () => cellGroups(readFooter(file), name));
    return { groups, pages: new Map() };
  } catch (error) {
    if (error instanceof DamagedCellError) return error;
    throw error;
  }
}

/** The length of a footer and the magic number. */
const TRAILER_LENGTH = 8;

/**
 * Reads the footer of a file.
 *
 * @throws {Error} If it is none, or is damaged.
 */
export function readFooter(file: FileBuffer): FileMetaData {
  if (file.byteLength < TRAILER_LENGTH) throw new Error("the file is too short for Parquet");
  const length = new DataView(file.slice(-TRAILER_LENGTH)).getUint32(0, true);
  const whole = Math.min(file.byteLength, length + TRAILER_LENGTH);
  return parquetMetadata(file.slice(-whole), { geoparquet: false });
}

function orDamaged<Result>(what: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error) || isOfSystem(error)) throw error;
    const message = what === "" ? error.message : `${what}: ${error.message}`;
    throw new DamagedCellError(message, { cause: error });
  }
}

/** What the system refuses, memory included, is no fault of the file. */
function isOfSystem(error: Error): boolean {
  return "syscall" in error || /allocation failed/.test(error.message);
}
