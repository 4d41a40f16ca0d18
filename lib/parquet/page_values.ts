/**
 * The values of one page.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { decompressPage, readDataPage, readDataPageV2, readPlain } from "../npm/hyparquet_pages.ts";
import type { CellChunk } from "./cell_column.ts";
import { checkFirst, checkSecond } from "./check_levels.ts";
import type { Page } from "./chunk_pages.ts";
import type { FileBuffer } from "./file_buffer.ts";

/** Bytes, or nothing. They are views into the page. */
export type PageValue = Uint8Array<ArrayBuffer> | null;

/** A decoded page. */
export type PageValues =
  | { readonly kind: "values"; readonly values: readonly PageValue[] }
  /** Places in the dictionary of the chunk; null for nothing. */
  | { readonly kind: "places"; readonly places: readonly (number | null)[] };

/** Larger pages than this are rare, and their memory is needed for other things. Bytes. */
const LARGEST_SPARE = 32 << 20;

/** Memory for one compressed page after another: fresh memory costs as much as the reading. */
export class SpareBytes {
  #bytes = new Uint8Array();

  /** So many bytes of whatever they were; they are good until the next call. */
  take(length: number): Uint8Array<ArrayBuffer> {
    if (length > LARGEST_SPARE) return new Uint8Array(length);
    if (length > this.#bytes.length) this.#bytes = new Uint8Array(length);
    return this.#bytes.subarray(0, length);
  }
}

/**
 * Reads and decodes a page of bytes.
 *
 * @param spare Memory to read into where no value stays in it.
 * @throws {Error} If it is damaged.
 */
export function readPageValues(
  file: FileBuffer,
  chunk: CellChunk,
  page: Page,
  spare = new SpareBytes(),
): PageValues {
  const { header, rows } = page;
  const isCopied = chunk.decoder.codec !== "UNCOMPRESSED" &&
    header.data_page_header_v2?.is_compressed !== false;
  const bytes = (isCopied ? spare : new SpareBytes()).take(header.compressed_page_size);
  file.fill(bytes, page.offset);
  checkSum(header.crc, bytes);
  if (header.type === "DICTIONARY_PAGE") {
    return { kind: "values", values: readDictionary(chunk, page, bytes) };
  }
  const { values, levels, encoding } = readData(chunk, page, bytes);
  const whole = withNulls(values, levels ?? [], chunk);
  if (whole.length !== rows) throw new Error(`a page holds ${whole.length} of ${rows} values`);
  return encoding.endsWith("DICTIONARY")
    ? { kind: "places", places: whole.map(placeOf) }
    : { kind: "values", values: whole.map(valueOf) };
}

/** It is optional, and few writers make one. */
function checkSum(expected: number | undefined, bytes: Uint8Array): void {
  if (expected === undefined || (crc32(bytes) | 0) === (expected | 0)) return;
  throw new Error("the checksum of a page is not that of its bytes");
}

function readDictionary(
  { decoder }: CellChunk,
  { header }: Page,
  bytes: Uint8Array<ArrayBuffer>,
): PageValue[] {
  const length = header.uncompressed_page_size;
  const { buffer, byteOffset } = decompressPage(bytes, length, decoder.codec, decoder.compressors);
  const view = new DataView(buffer, byteOffset, length);
  const count = header.dictionary_page_header?.num_values ?? 0;
  // Each value has four bytes of length before it.
  if (!(count >= 0 && count * 4 <= length)) throw new Error(`a dictionary claims ${count} values`);
  const values: unknown[] = Array.from(readPlain({ view, offset: 0 }, "BYTE_ARRAY", count, 0));
  return values.map(valueOf);
}

interface PageData {
  readonly values: readonly unknown[];
  readonly levels: readonly number[] | undefined;
  readonly encoding: string;
}

function readData(
  { decoder }: CellChunk,
  { header }: Page,
  bytes: Uint8Array<ArrayBuffer>,
): PageData {
  const { data_page_header: v1, data_page_header_v2: v2 } = header;
  if (v1 !== undefined) {
    const length = header.uncompressed_page_size;
    const plain = decompressPage(bytes, length, decoder.codec, decoder.compressors);
    checkFirst(plain, v1, decoder.schemaPath);
    const { dataPage, definitionLevels } = readDataPage(plain, v1, decoder);
    return { values: [...dataPage], levels: definitionLevels, encoding: v1.encoding };
  }
  if (v2 === undefined) throw new Error(`a page is of the unknown type ${header.type}`);
  checkSecond(bytes, header.uncompressed_page_size, v2, decoder);
  const { dataPage, definitionLevels } = readDataPageV2(bytes, header, decoder);
  return { values: [...dataPage], levels: definitionLevels, encoding: v2.encoding };
}

/** Puts nulls between the values, where the value or a struct around it is none. */
function withNulls(
  values: readonly unknown[],
  levels: readonly number[],
  { decoder }: CellChunk,
): readonly unknown[] {
  if (levels.length === 0) return values;
  const optional = decoder.schemaPath.filter(({ element }) =>
    element.repetition_type === "OPTIONAL"
  );
  let next = 0;
  return levels.map((level) => level === optional.length ? values[next++] : null);
}

function placeOf(value: unknown): number | null {
  if (value === null || typeof value === "number") return value;
  throw new Error("a page refers to no place in its dictionary");
}

function valueOf(value: unknown): PageValue {
  if (value === null) return null;
  if (value instanceof Uint8Array && value.buffer instanceof ArrayBuffer) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  throw new Error("a value of a page is missing");
}
