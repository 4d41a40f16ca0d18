/**
 * Reading columns of one row group.
 *
 * @module
 */

import { SpeechmillError } from "../errors.ts";
import { type AsyncBuffer, type FileMetaData, parquetRead } from "../npm/hyparquet.ts";
import { getSchemaPath } from "../npm/hyparquet_pages.ts";
import { checkColumn } from "./check_column.ts";
import { describeDamage } from "./damage.ts";
import { holdRanges } from "./held_ranges.ts";
import type { ParquetFile, ParquetRowGroup } from "./open.ts";
import { pageCompressors } from "./page_compressors.ts";
import { type ColumnPath, pruneMetadata } from "./prune.ts";
import { pagesRange } from "./ranges.ts";
import { RowGroupError } from "./row_group_error.ts";
import { plainValue } from "./value.ts";

/** The values of some columns of a row group. */
export interface RowGroupValues {
  readonly rows: number;
  /**
   * A value: text, a number (`bigint` where a double cannot hold it), a boolean, bytes, a list, a
   * struct by its names, or null. Text that is not valid UTF-8 is given as its bytes.
   *
   * @param column Name of a top-level column that was read.
   * @param row Within the row group, from 0.
   */
  at(column: string, row: number): unknown;
}

/** A byte order mark is part of the text, and bytes that are no text are not replaced. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads columns of a row group whole. Their pages are held in memory until the values are let go.
 *
 * @param columns Top-level columns (`["text"]`), or fields of structs (`["audio", "path"]`): the
 *   other fields are then neither read nor part of the struct.
 * @throws {RowGroupError} If pages are damaged.
 * @throws {SpeechmillError} What the file's buffer throws, as it is.
 */
export async function readColumns(
  file: ParquetFile,
  group: ParquetRowGroup,
  columns: readonly ColumnPath[],
): Promise<RowGroupValues> {
  const names = [...new Set(columns.flatMap((path) => path.slice(0, 1)))];
  try {
    const values = group.rows === 0 || names.length === 0
      ? new Map<string, readonly unknown[]>()
      : await readPages(file, group, columns, names);
    return {
      rows: group.rows,
      at: (column, row) => plainValue(values.get(column)?.[row]),
    };
  } catch (error) {
    if (error instanceof SpeechmillError) throw error;
    throw new RowGroupError(
      `Cannot read row group ${group.index} of '${file.name}': ${
        describeDamage("its pages are", error)
      }`,
      { cause: error },
    );
  }
}

async function readPages(
  file: ParquetFile,
  group: ParquetRowGroup,
  columns: readonly ColumnPath[],
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const values = new Map<string, unknown[]>(names.map((name) => [name, []]));
  const metadata = pruneMetadata(file.metadata, group.index, columns);
  await parquetRead({
    file: await holdChecked(file.buffer, metadata),
    metadata,
    columns: [...names],
    compressors: pageCompressors,
    utf8: false,
    parsers: { stringFromBytes: textOf },
    onChunk: ({ columnName, columnData }) => {
      const target = values.get(columnName);
      for (let row = 0; row < columnData.length; row++) target?.push(columnData[row]);
    },
  });
  for (const [name, found] of values) {
    // hyparquet takes fewer values than rows for nulls, and more for nothing.
    if (found.length === group.rows) continue;
    throw new Error(`column '${name}' has ${found.length} values for ${group.rows} rows`);
  }
  return values;
}

/** Reads the pages of all columns of a pruned footer, and checks them. */
async function holdChecked(buffer: AsyncBuffer, metadata: FileMetaData): Promise<AsyncBuffer> {
  const chunks = metadata.row_groups.flatMap((group) => group.columns);
  const held = await holdRanges(buffer, chunks.map(pagesRange));
  for (const chunk of chunks) {
    const { meta_data: meta } = chunk;
    if (meta === undefined) continue;
    const { start, end } = pagesRange(chunk);
    const schemaPath = getSchemaPath(metadata.schema, meta.path_in_schema);
    checkColumn(new Uint8Array(await held.slice(start, end)), { meta, schemaPath });
  }
  return held;
}

function textOf(bytes: Uint8Array | undefined): string | Uint8Array | undefined {
  if (bytes === undefined) return undefined;
  try {
    return decoder.decode(bytes);
  } catch {
    return bytes;
  }
}
