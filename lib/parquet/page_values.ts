/**
 * The values of one page.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { decompressPage, readDataPage, readDataPageV2, readPlain } from "../npm/hyparquet_pages.ts";
import type { CellChunk } from "./cell_column.ts";
import type { Page } from "./chunk_pages.ts";
import type { FileBuffer } from "./file_buffer.ts";

/** Bytes, or nothing. They are views into the page. */
export type PageValue = Uint8Array<ArrayBuffer> | null;

/** A decoded page. */
export type PageValues =
  | { readonly kind: "values"; readonly values: readonly PageValue[] }
  /** Places in the dictionary of the chunk; null for nothing. */
  | { readonly kind: "places"; readonly places: readonly (number | null)[] };

/**
 * Reads and decodes a page of bytes.
 *
 * @throws {Error} If it is damaged.
 */
export function readPageValues(file: FileBuffer, chunk: CellChunk, page: Page): PageValues {
  const { header, rows } = page;
  const bytes = readBytes(file, page);
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

function readBytes(file: FileBuffer, { offset, header }: Page): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(file.slice(offset, offset + header.compressed_page_size));
  // The checksum is optional, and few writers make one.
  if (header.crc !== undefined && (crc32(bytes) | 0) !== (header.crc | 0)) {
    throw new Error("the checksum of a page is not that of its bytes");
  }
  return bytes;
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
    const { dataPage, definitionLevels } = readDataPage(plain, v1, decoder);
    return { values: [...dataPage], levels: definitionLevels, encoding: v1.encoding };
  }
  if (v2 === undefined) throw new Error(`a page is of the unknown type ${header.type}`);
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
