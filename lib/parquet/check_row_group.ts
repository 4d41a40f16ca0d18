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
import { parquetHeader } from "../npm/hyparquet_pages.ts";
import type { FileBuffer } from "./file_buffer.ts";
import type { ParquetFile, ParquetRowGroup } from "./open.ts";
import { RowGroupError } from "./row_group_error.ts";

/** Headers are some ten bytes long, unless they hold statistics of long values. */
const HEADER_BYTES = 1 << 10;
const PIECE_BYTES = 1 << 20;

/**
 * Checks the pages of columns of a row group.
 *
 * @param buffer A local file that holds these pages at their places.
 * @param columns Names of top-level columns.
 * @throws {RowGroupError} If something is wrong with them.
 */
export function checkRowGroup(
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
    if (offset >= end) throw new Error(`they hold ${values} of ${chunk.num_values} values`);
    const { header, length } = readHeader(buffer, offset, end);
    const page = { start: offset + length, end: offset + length + header.compressed_page_size };
    if (!(page.end >= page.start && page.end <= end)) {
      throw new Error("one reaches beyond the column");
    }
    if (header.type === undefined) throw new Error("one is of no known type");
    checkCrc(buffer, page, header.crc);
    values += header.data_page_header?.num_values ?? header.data_page_header_v2?.num_values ?? 0;
    offset = page.end;
  }
}

/** Bytes up to the end of the column are there; how many of them are the header is found out. */
function readHeader(buffer: FileBuffer, offset: number, end: number) {
  for (let length = HEADER_BYTES;; length *= 16) {
    const last = Math.min(end, offset + length);
    const reader = { view: new DataView(buffer.slice(offset, last)), offset: 0 };
    try {
      return { header: parquetHeader(reader), length: reader.offset };
    } catch (error) {
      if (last === end) throw new Error("the header of one cannot be read", { cause: error });
    }
  }
}

function checkCrc(
  buffer: FileBuffer,
  page: { readonly start: number; readonly end: number },
  due: number | undefined,
): void {
  if (due === undefined) return;
  let crc = 0;
  for (let offset = page.start; offset < page.end; offset += PIECE_BYTES) {
    const piece = buffer.slice(offset, Math.min(page.end, offset + PIECE_BYTES));
    crc = crc32(new Uint8Array(piece), crc);
  }
  // It is written as a signed number.
  if (crc >>> 0 !== due >>> 0) throw new Error("the CRC of one is another");
}
