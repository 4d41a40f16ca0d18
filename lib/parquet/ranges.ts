/**
 * Which bytes of a Parquet file a row group needs.
 *
 * @module
 */

import type { ColumnChunk } from "../npm/hyparquet.ts";
import type { ParquetFile, ParquetRowGroup } from "./open.ts";

/** Bytes of a file, from `start` up to `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The bytes of a row group: the pages of its columns and the indexes of where pages begin. With
 * the footer (`ParquetFile.footer`) they are all that is needed to read its rows.
 *
 * @param columns Names of columns; null for all.
 * @returns Ranges in the order of the file that neither overlap nor touch.
 */
export function rowGroupRanges(
  file: ParquetFile,
  group: ParquetRowGroup,
  columns: readonly string[] | null = null,
): readonly ByteRange[] {
  const chunks = file.metadata.row_groups[group.index]?.columns ?? [];
  const wanted = chunks.filter(({ meta_data }) =>
    columns === null || columns.includes(meta_data?.path_in_schema[0] ?? "")
  );
  return joinRanges(wanted.flatMap(chunkRanges));
}

/** The pages of a column of one row group. */
export function pagesRange({ meta_data: pages }: ColumnChunk): ByteRange {
  const start = Number(pages?.dictionary_page_offset || pages?.data_page_offset || 0);
  return { start, end: start + Number(pages?.total_compressed_size ?? 0) };
}

function chunkRanges(chunk: ColumnChunk): readonly ByteRange[] {
  const start = Number(chunk.offset_index_offset ?? 0);
  return [pagesRange(chunk), { start, end: start + (chunk.offset_index_length ?? 0) }];
}

/** Joins what overlaps or touches, and leaves out what is empty. */
function joinRanges(ranges: readonly ByteRange[]): readonly ByteRange[] {
  const joined: ByteRange[] = [];
  const sorted = ranges.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start);
  for (const range of sorted) {
    const last = joined.at(-1);
    if (last === undefined || range.start > last.end) joined.push(range);
    else joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
  }
  return joined;
}
