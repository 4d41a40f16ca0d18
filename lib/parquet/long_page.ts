/**
 * Single values of a large page, without the others in memory.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { getMaxDefinitionLevel, readRleBitPackedHybrid } from "../npm/hyparquet_pages.ts";
import type { CellChunk } from "./cell_column.ts";
import { checkRuns } from "./check_runs.ts";
import type { Page } from "./chunk_pages.ts";
import type { FileBuffer } from "./file_buffer.ts";
import type { PageValue, SpareBytes } from "./page_values.ts";
import { type PlainBytes, SnappyBytes, uncompressedBytes } from "./plain_bytes.ts";

/** Bytes of the length that stands before levels and values. */
const LENGTH_BYTES = 4;
/** Bytes of which a checksum is taken at once. */
const PIECE = 1 << 20;

/**
 * Whether values of a page can be read alone: lengths and bytes in turn, uncompressed or in Snappy,
 * whose parts are independent.
 */
export function isLongPage({ decoder }: CellChunk, { header }: Page, bytes: number): boolean {
  const { data_page_header: v1, data_page_header_v2: v2 } = header;
  const isPlain = header.type === "DICTIONARY_PAGE" || (v1 ?? v2)?.encoding === "PLAIN";
  return header.uncompressed_page_size > bytes && isPlain &&
    (decoder.codec === "UNCOMPRESSED" || decoder.codec === "SNAPPY");
}

/**
 * A page whose values are read one by one. All of it is looked through once: it is whole. It may be
 * a dictionary: by default Arrow first puts all audio of a row group into one.
 */
export class LongPage {
  readonly #bytes: PlainBytes;
  /** Of each row, or place in a dictionary: where its value lies, behind its length. */
  readonly #places: readonly (ValuePlace | null)[];

  /** @throws {Error} If the page is damaged. */
  constructor(file: FileBuffer, chunk: CellChunk, page: Page) {
    checkSum(file, page);
    this.#bytes = plainBytes(file, chunk, page);
    const { isPresent, start } = readLevels(file, chunk, page, this.#bytes);
    this.#places = findValues(file, this.#bytes, isPresent, start);
  }

  /**
   * Reads a value.
   *
   * @param row Within the page; in a dictionary, a place.
   * @returns Null for nothing.
   * @param spare Memory for the value: it is good until the next one is read.
   */
  read(file: FileBuffer, row: number, spare: SpareBytes): PageValue {
    const place = this.#places[row] ?? null;
    if (place === null) return null;
    const value = spare.take(place.length);
    this.#bytes.read(file, place.position, value);
    return value;
  }
}

interface ValuePlace {
  readonly position: number;
  readonly length: number;
}

/** The second version of pages has its levels before what is compressed. */
function levelBytes({ data_page_header_v2: v2 }: Page["header"]): number {
  if (v2 === undefined) return 0;
  const { repetition_levels_byte_length: repetition, definition_levels_byte_length: definition } =
    v2;
  if (repetition >= 0 && definition >= 0) return repetition + definition;
  throw new Error("the levels of a page reach beyond it");
}

function plainBytes(file: FileBuffer, { decoder }: CellChunk, { offset, header }: Page) {
  const levels = levelBytes(header);
  const stored = {
    offset: offset + levels,
    size: header.compressed_page_size - levels,
    length: header.uncompressed_page_size - levels,
  };
  if (!(stored.size >= 0 && stored.length >= 0)) {
    throw new Error("the levels of a page reach beyond it");
  }
  const isCompressed = decoder.codec !== "UNCOMPRESSED" &&
    header.data_page_header_v2?.is_compressed !== false;
  if (isCompressed) return new SnappyBytes(file, stored);
  if (stored.size !== stored.length) throw new Error("a page that is not compressed has two sizes");
  return uncompressedBytes(stored);
}

/** Which rows have a value, and where the first one begins. */
function readLevels(
  file: FileBuffer,
  { decoder }: CellChunk,
  { offset, header, rows }: Page,
  bytes: PlainBytes,
): { isPresent: readonly boolean[]; start: number } {
  const maximum = getMaxDefinitionLevel(decoder.schemaPath);
  const { data_page_header_v2: v2, dictionary_page_header: dictionary } = header;
  if (maximum === 0 || dictionary !== undefined) {
    const count = dictionary?.num_values ?? rows;
    // Each value has its length before it.
    if (!(count >= 0 && count * LENGTH_BYTES <= bytes.length)) {
      throw new Error("a page claims to hold more values than bytes");
    }
    return { isPresent: new Array<boolean>(count).fill(true), start: 0 };
  }
  const length = v2?.definition_levels_byte_length ?? readLength(file, bytes, 0);
  const runs = new Uint8Array(length);
  if (v2 === undefined) bytes.read(file, LENGTH_BYTES, runs);
  else file.fill(runs, offset + v2.repetition_levels_byte_length);
  const view = new DataView(runs.buffer);
  const width = 32 - Math.clz32(maximum);
  checkRuns(view, { start: 0, end: length, width, count: rows });
  const levels = new Array<number>(rows);
  readRleBitPackedHybrid({ view, offset: 0 }, width, levels, length);
  const isPresent = levels.slice(0, rows).map((level) => level === maximum);
  return { isPresent, start: v2 === undefined ? LENGTH_BYTES + length : 0 };
}

function findValues(
  file: FileBuffer,
  bytes: PlainBytes,
  isPresent: readonly boolean[],
  start: number,
): readonly (ValuePlace | null)[] {
  let next = start;
  return isPresent.map((has) => {
    if (!has) return null;
    const length = readLength(file, bytes, next);
    const position = next + LENGTH_BYTES;
    next = position + length;
    return { position, length };
  });
}

/** The length of what follows it; all of that lies within. */
function readLength(file: FileBuffer, bytes: PlainBytes, position: number): number {
  const end = position + LENGTH_BYTES;
  const view = new DataView(new ArrayBuffer(LENGTH_BYTES));
  if (end <= bytes.length) bytes.read(file, position, new Uint8Array(view.buffer));
  const length = view.getUint32(0, true);
  if (end + length > bytes.length) throw new Error("a value reaches beyond its page");
  return length;
}

/** It is optional, and few writers make one. */
function checkSum(file: FileBuffer, { offset, header }: Page): void {
  if (header.crc === undefined) return;
  let sum = 0;
  const end = offset + header.compressed_page_size;
  for (let start = offset; start < end; start += PIECE) {
    sum = crc32(new Uint8Array(file.slice(start, Math.min(end, start + PIECE))), sum);
  }
  if ((sum | 0) === (header.crc | 0)) return;
  throw new Error("the checksum of a page is not that of its bytes");
}
