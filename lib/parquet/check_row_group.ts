/**
 * Whether the pages of a row group are what the footer says, as far as can be told without decoding
 * them: their headers, their lengths, how many values they hold, and their CRC where the writer left
 * one (pyarrow does only if told to).
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { messageOf } from "../errors.ts";
import type { ColumnMetaData } from "../npm/hyparquet.ts";
import type { FileBuffer } from "./file_buffer.ts";
import type { ParquetFile, ParquetRowGroup } from "./open.ts";
import { RowGroupError } from "./row_group_error.ts";
import { ThriftEndError, ThriftReader, type ThriftStruct } from "./thrift.ts";

/** Bytes that a header hardly ever exceeds. Statistics with long values make longer ones. */
const HEADER_BYTES = 1 << 12;
const PIECE_BYTES = 1 << 20;

/** Types of pages, and where the headers of those with values say how many. */
const PAGE_TYPES = 4;
const DATA_PAGE_HEADERS = [5, 8];

/**
 * Checks the pages of columns of a row group.
 *
 * @param buffer A local file that holds these pages at their places.
 * @param columns Names of top-level columns.
 * @throws {RowGroupError} If something is wrong with them.
 */
export function checkPages(
  buffer: FileBuffer,
  file: ParquetFile,
  group: ParquetRowGroup,
  columns: readonly string[],
): void {
  for (const { meta_data: chunk } of file.metadata.row_groups[group.index]?.columns ?? []) {
    if (chunk === undefined || !columns.includes(chunk.path_in_schema[0] ?? "")) continue;
    try {
      checkChunk(buffer, chunk);
    } catch (error) {
      throw new RowGroupError(
        `Cannot read row group ${group.index} of '${file.name}': the pages of column '${
          chunk.path_in_schema.join(".")
        }' are damaged: ${messageOf(error)}`,
      );
    }
  }
}

function checkChunk(buffer: FileBuffer, chunk: ColumnMetaData): void {
  let offset = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
  const end = offset + Number(chunk.total_compressed_size);
  for (let values = 0; values < Number(chunk.num_values);) {
    const { header, bytes } = readHeader(buffer, offset, end);
    const page = { start: offset + bytes, end: offset + bytes + numberOf(header, 3) };
    if (page.end < page.start || page.end > end) {
      throw new Error("a page is longer than its column");
    }
    if (!(numberOf(header, 1) < PAGE_TYPES)) throw new Error("a page is of no known type");
    checkCrc(buffer, page, header.get(4));
    for (const field of DATA_PAGE_HEADERS) {
      const data = header.get(field);
      if (data instanceof Map) values += numberOf(data, 1);
    }
    offset = page.end;
  }
}

/** Bytes up to the end of the column are there; how many of them are the header is found out. */
function readHeader(
  buffer: FileBuffer,
  offset: number,
  end: number,
): { readonly header: ThriftStruct; readonly bytes: number } {
  for (let length = HEADER_BYTES;; length *= 8) {
    const last = Math.min(end, offset + length);
    const reader = new ThriftReader(new Uint8Array(buffer.slice(offset, last)));
    try {
      return { header: reader.struct(), bytes: reader.offset };
    } catch (error) {
      if (!(error instanceof ThriftEndError) || last === end) throw error;
    }
  }
}

function checkCrc(
  buffer: FileBuffer,
  page: { readonly start: number; readonly end: number },
  due: number | ThriftStruct | undefined,
): void {
  if (typeof due !== "number") return;
  let crc = 0;
  for (let offset = page.start; offset < page.end; offset += PIECE_BYTES) {
    const piece = buffer.slice(offset, Math.min(page.end, offset + PIECE_BYTES));
    crc = crc32(new Uint8Array(piece), crc);
  }
  // It is written as a signed number.
  if (crc >>> 0 !== due >>> 0) throw new Error("the CRC of a page is another");
}

function numberOf(header: ThriftStruct, field: number): number {
  const value = header.get(field);
  if (typeof value === "number" && value >= 0) return value;
  throw new Error("a page has no proper header");
}
