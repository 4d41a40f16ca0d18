/**
 * Rows of a Parquet shard, a row group at a time.
 *
 * @module
 */
import { zstdDecompressSync } from "node:zlib";
import { messageOf, SpeechmillError } from "../errors.ts";
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from "../npm/hyparquet.ts";
import { openFileBuffer } from "../parquet/file_buffer.ts";
import type { Column } from "./column.ts";

/** Keeps a mark that a text begins with: hyparquet's own decoder takes it for a byte order mark. */
const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Reads a Parquet shard.
 *
 * @throws {SpeechmillError} If the file is damaged; the message names it and the last whole row.
 */
export async function* readParquet(
  path: string,
  columns: readonly Column[],
): AsyncGenerator<Record<string, unknown>> {
  let row = 0;
  try {
    using file = openFileBuffer(path);
    const metadata = await parquetMetadataAsync(file);
    for (const group of metadata.row_groups) {
      for (const values of await readGroup(file, metadata, row, Number(group.num_rows))) {
        const ordered = Object.fromEntries(columns.map((column) => [
          column.name,
          plainValue(values, column),
        ]));
        row++;
        yield ordered;
      }
    }
  } catch (error) {
    throw new SpeechmillError(`Cannot read '${path}' after row ${row}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function readGroup(
  file: AsyncBuffer,
  metadata: FileMetaData,
  start: number,
  count: number,
): Promise<Record<string, unknown>[]> {
  const rows = await parquetReadObjects({
    ...{ file, metadata, rowStart: start, rowEnd: start + count },
    compressors: { ZSTD: (bytes) => zstdDecompressSync(bytes) },
    parsers: { stringFromBytes: (bytes) => bytes && UTF8.decode(bytes) },
  });
  if (rows.length === count) return rows;
  throw new Error(`a row group of ${count} rows holds ${rows.length}`);
}

function plainValue(values: Record<string, unknown>, { name, type }: Column): unknown {
  const value = values[name];
  if (value === undefined && !Object.hasOwn(values, name)) {
    throw new Error(`it has no column '${name}'`);
  }
  if (value === undefined || value === null) return null;
  return type === "int64" ? Number(value) : value;
}
