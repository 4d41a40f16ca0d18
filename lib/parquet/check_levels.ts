/**
 * Checks of the levels of a page, and of its places in a dictionary.
 *
 * @module
 */

import type { ColumnMetaData } from "../npm/hyparquet.ts";
import {
  decompressPage,
  getMaxDefinitionLevel,
  getMaxRepetitionLevel,
  type parquetHeader,
} from "../npm/hyparquet_pages.ts";
import { checkRuns } from "./check_runs.ts";
import { pageCompressors } from "./page_compressors.ts";

/** The header of a page, as hyparquet reads it. */
export type PageHeader = ReturnType<typeof parquetHeader>;

/** The column in the schema, from the root to the leaf. */
type SchemaPath = Parameters<typeof getMaxDefinitionLevel>[0];

/** What a column of one row group is, by the footer. */
export interface CheckedChunk {
  readonly codec: ColumnMetaData["codec"];
  readonly schemaPath: SchemaPath;
}

/** Bytes of the length that stands before runs. */
const LENGTH_BYTES = 4;

/**
 * The first version of pages: levels are compressed with the values, their lengths before them.
 *
 * @param plain The page, decompressed.
 */
export function checkFirst(
  plain: Uint8Array,
  { num_values: count, encoding }: NonNullable<PageHeader["data_page_header"]>,
  schemaPath: SchemaPath,
): void {
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
  let start = 0;
  for (const width of levelWidths(schemaPath)) {
    const end = start + LENGTH_BYTES + view.getUint32(start, true);
    checkRuns(view, { start: start + LENGTH_BYTES, end, width, count });
    start = end;
  }
  checkPlaces(view, start, encoding, count);
}

/**
 * The second version: levels come first and are not compressed. Values are decompressed only where
 * they are runs.
 *
 * @param length Bytes of the page, decompressed.
 */
export function checkSecond(
  page: Uint8Array<ArrayBuffer>,
  length: number,
  header: NonNullable<PageHeader["data_page_header_v2"]>,
  { codec, schemaPath }: CheckedChunk,
): void {
  const { num_values: count, num_nulls: nulls, num_rows: rows, encoding } = header;
  const repetition = header.repetition_levels_byte_length;
  const definition = header.definition_levels_byte_length;
  const levels = repetition + definition;
  if (!(repetition >= 0 && definition >= 0 && levels <= Math.min(page.length, length))) {
    throw new Error("the levels of a page reach beyond it");
  }
  if (!(nulls >= 0 && nulls <= count && rows >= 0 && rows <= count)) {
    throw new Error(`a page of ${count} values claims ${rows} rows and ${nulls} nulls`);
  }
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  let start = 0;
  const lengths = getMaxRepetitionLevel(schemaPath) > 0 ? [repetition, definition] : [definition];
  levelWidths(schemaPath).forEach((width, index) => {
    const end = start + (lengths[index] ?? 0);
    checkRuns(view, { start, end, width, count });
    start = end;
  });
  if (!areRuns(encoding)) return;
  const rest = page.subarray(levels);
  const plain = header.is_compressed === false
    ? rest
    : decompressPage(rest, length - levels, codec, pageCompressors);
  const values = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
  checkPlaces(values, 0, encoding, count - nulls);
}

/** Whether values are runs. An encoding that hyparquet does not know is none. */
function areRuns(encoding: string | undefined): boolean {
  if (encoding === undefined) throw new Error("a page has an unknown encoding");
  return encoding === "RLE" || encoding.endsWith("_DICTIONARY");
}

/** Places in a dictionary are runs as levels are. */
function checkPlaces(
  view: DataView,
  start: number,
  encoding: string | undefined,
  count: number,
): void {
  if (!areRuns(encoding) || start >= view.byteLength) return;
  const end = view.byteLength;
  if (encoding === "RLE") {
    // Of true and false, with their length before them.
    checkRuns(view, { start: start + LENGTH_BYTES, end, width: 1, count });
  } else checkRuns(view, { start: start + 1, end, width: view.getUint8(start), count });
}

/** The bits of repetition and definition levels, where there are any. */
function levelWidths(schemaPath: SchemaPath): readonly number[] {
  return [getMaxRepetitionLevel(schemaPath), getMaxDefinitionLevel(schemaPath)]
    .filter((level) => level > 0)
    .map((level) => 32 - Math.clz32(level));
}
