/**
 * Opening a Parquet file by its footer.
 *
 * @module
 */

import { messageOf, SpeechmillError, UsageError } from "../errors.ts";
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync } from "../npm/hyparquet.ts";
import type { RowColumn } from "../sources/row_columns.ts";
import type { ByteRange } from "./ranges.ts";
import { describeSchema } from "./schema.ts";

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
export async function openParquet(buffer: AsyncBuffer, name: string): Promise<ParquetFile> {
  try {
    const metadata = await parquetMetadataAsync(buffer, { geoparquet: false });
    const rowGroups = rowGroupsOf(metadata);
    checkRanges(metadata, buffer.byteLength);
    return {
      name,
      buffer,
      metadata,
      columns: describeSchema(metadata),
      rows: Number(metadata.num_rows),
      rowGroups,
      footer: {
        start: buffer.byteLength - metadata.metadata_length - TRAILER_BYTES,
        end: buffer.byteLength,
      },
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
    : `its footer is damaged: ${message}`;
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
function checkRanges(metadata: FileMetaData, byteLength: number): void {
  const leaves = metadata.schema.filter((element) => element.type !== undefined).length;
  metadata.row_groups.forEach(({ columns }, index) => {
    if (columns.length !== leaves) {
      throw new Error(`row group ${index} has ${columns.length} of ${leaves} columns`);
    }
    for (const { meta_data: chunk } of columns) {
      if (chunk === undefined) throw new Error(`row group ${index} does not describe a column`);
      const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
      const end = start + Number(chunk.total_compressed_size);
      if (start >= 0 && start <= end && end <= byteLength) continue;
      throw new Error(
        `column '${chunk.path_in_schema.join(".")}' of row group ${index} lies outside the file`,
      );
    }
  });
}
