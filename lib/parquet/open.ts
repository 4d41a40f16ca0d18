/**
 * Opening a Parquet file by its footer.
 *
 * @module
 */

import { messageOf, SpeechmillError, UsageError } from "../errors.ts";
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync } from "../npm/hyparquet.ts";
import type { RowColumn } from "../sources/row_columns.ts";
import { type ByteRange, pagesRange } from "./ranges.ts";
import { describeDamage } from "./damage.ts";
import { describeSchema } from "./schema.ts";

/** The bytes of a file, local or remote. */
export interface ParquetBytes extends AsyncBuffer {
  /** How many bytes at its end hold the footer, where that is known: no more are asked for. */
  readonly footerBytes?: number;
}

/** A Parquet file of which the footer is read. */
export interface ParquetFile {
  /** How messages call it. */
  readonly name: string;
  /** Its bytes, local or remote. */
  readonly buffer: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly columns: readonly RowColumn[];
  readonly rows: number;
  readonly rowGroups: readonly ParquetRowGroup[];
  /** Where the footer lies: up to the end of the file, its length and magic number included. */
  readonly footer: ByteRange;
}

/** Rows of a file that lie together. */
export interface ParquetRowGroup {
  /** From 0. */
  readonly index: number;
  /** Its first row in the file, from 0. */
  readonly firstRow: number;
  readonly rows: number;
}

/** The length of the footer and the magic number behind it. */
const TRAILER_BYTES = 8;

/**
 * Reads the footer of a Parquet file, and nothing else of it.
 *
 * @param buffer Its bytes. A `SpeechmillError` that it throws is passed on as it is: a network that
 *   fails is no damage.
 * @param name How messages call the file.
 * @throws {UsageError} If it is no Parquet file, or its footer is damaged.
 */
export async function openParquet(buffer: ParquetBytes, name: string): Promise<ParquetFile> {
  try {
    const { footerBytes: initialFetchSize } = buffer;
    const metadata = await parquetMetadataAsync(buffer, {
      geoparquet: false,
      ...initialFetchSize !== undefined && { initialFetchSize },
    });
    const rowGroups = rowGroupsOf(metadata);
    const footer = {
      start: buffer.byteLength - metadata.metadata_length - TRAILER_BYTES,
      end: buffer.byteLength,
    };
    checkRanges(metadata, footer);
    return {
      name,
      buffer,
      metadata,
      columns: describeSchema(metadata),
      rows: Number(metadata.num_rows),
      rowGroups,
      footer,
    };
  } catch (error) {
    if (error instanceof SpeechmillError) throw error;
    throw new UsageError(
      `Cannot read '${name}': ${problemOf(error, buffer)}: fetch the file again, or leave it out`,
      { cause: error },
    );
  }
}

function problemOf(error: unknown, { byteLength }: AsyncBuffer): string {
  if (byteLength < TRAILER_BYTES + 4) return `it has ${byteLength} bytes and is no Parquet file`;
  const message = messageOf(error);
  return message.includes("footer != PAR1")
    ? "it does not end as a Parquet file does: it is cut off or something else"
    : describeDamage("its footer is", error);
}

function rowGroupsOf(metadata: FileMetaData): readonly ParquetRowGroup[] {
  let firstRow = 0;
  const groups = metadata.row_groups.map((group, index) => {
    const rows = Number(group.num_rows);
    if (!(rows >= 0)) throw new Error(`row group ${index} has ${rows} rows`);
    const found: ParquetRowGroup = { index, firstRow, rows };
    firstRow += rows;
    return found;
  });
  if (firstRow === Number(metadata.num_rows)) return groups;
  throw new Error(`it counts ${metadata.num_rows} rows, its row groups ${firstRow}`);
}

/** What lies outside the file cannot be read, and what is not described cannot be found. */
function checkRanges(metadata: FileMetaData, footer: ByteRange): void {
  const leaves = metadata.schema.filter((element) => element.type !== undefined).length;
  metadata.row_groups.forEach(({ columns, num_rows: rows }, index) => {
    if (columns.length !== leaves) {
      throw new Error(`row group ${index} has ${columns.length} of ${leaves} columns`);
    }
    for (const column of columns) {
      const { start, end } = pagesRange(column);
      if (start >= 0 && start <= end && end <= footer.start) {
        // A row has one value, or several in a list.
        if (Number(column.meta_data?.num_values) >= Number(rows)) continue;
        throw new Error(`row group ${index} has too few values for ${rows} rows`);
      }
      const name = column.meta_data?.path_in_schema.join(".");
      throw new Error(`column '${name}' of row group ${index} lies outside the file`);
    }
  });
}
