/**
 * Checks of the pages of a column that is about to be decoded: hyparquet reads what is damaged as
 * it reads what is whole, and may then write without end.
 *
 * @module
 */

import { crc32 } from "node:zlib";
import type { ColumnMetaData } from "../npm/hyparquet.ts";
import { decompressPage, parquetHeader } from "../npm/hyparquet_pages.ts";
import { type CheckedChunk, checkFirst, checkSecond, type PageHeader } from "./check_levels.ts";
import { pageCompressors } from "./page_compressors.ts";

/** A column of one row group. */
export interface CheckedColumn extends Pick<CheckedChunk, "schemaPath"> {
  readonly meta: ColumnMetaData;
}

/**
 * Checks the headers, the checksums (where the writer made any) and the levels of all pages.
 *
 * @param bytes The pages of one column of a row group.
 * @throws {Error} If they are damaged.
 */
export function checkColumn(bytes: Uint8Array<ArrayBuffer>, chunk: CheckedColumn): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = { view, offset: 0 };
  const total = Number(chunk.meta.num_values);
  let values = 0;
  while (values < total) {
    const header = parquetHeader(reader);
    const size = header.compressed_page_size;
    if (!(size >= 0 && reader.offset + size <= bytes.length)) {
      throw new Error("a page reaches beyond the column");
    }
    const page = bytes.subarray(reader.offset, reader.offset + size);
    reader.offset += size;
    values += checkPage(page, header, chunk);
  }
  if (values > total) throw new Error(`its pages hold ${values} of ${total} values`);
}

/** Checks one page, and counts its values: none in a dictionary. */
function checkPage(
  page: Uint8Array<ArrayBuffer>,
  header: PageHeader,
  { meta, schemaPath }: CheckedColumn,
): number {
  if (header.crc !== undefined && (crc32(page) | 0) !== (header.crc | 0)) {
    throw new Error("the checksum of a page is not that of its bytes");
  }
  const length = header.uncompressed_page_size;
  if (!(length >= 0 && length <= Number(meta.total_uncompressed_size))) {
    throw new Error("a page claims to hold more bytes than the column");
  }
  const { data_page_header: v1, data_page_header_v2: v2 } = header;
  const count = v1?.num_values ?? v2?.num_values ?? 0;
  if (!(count >= 0 && count <= Number(meta.num_values))) {
    throw new Error("a page claims to hold more values than the column");
  }
  const { codec } = meta;
  if (v1 !== undefined) {
    checkFirst(decompressPage(page, length, codec, pageCompressors), v1, schemaPath);
  } else if (v2 !== undefined) checkSecond(page, length, v2, { codec, schemaPath });
  else checkDictionary(header);
  return count;
}

/** A dictionary has at least a byte for each of its values. */
function checkDictionary(header: PageHeader): void {
  const count = header.dictionary_page_header?.num_values ?? NaN;
  if (count >= 0 && count <= header.uncompressed_page_size) return;
  throw new Error("a page is neither data nor a dictionary");
}
