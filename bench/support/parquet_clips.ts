/**
 * Large Parquet files of audio.
 *
 * @module
 */
import { fileWriter, ParquetWriter } from "../../lib/npm/hyparquet_writer.ts";

/** How a file is laid out. */
export interface ClipsLayout {
  readonly codec: "SNAPPY" | "UNCOMPRESSED";
  /** Bytes that a page should have: a page ends with the value that reaches them. */
  readonly pageSize: number;
  /** Rows of a row group. */
  readonly groupRows: number;
}

/** Numbers that do not repeat within this many bytes: compression finds nothing in them. */
const POOL = 64 << 20;

/**
 * Writes structs of `bytes` and `path` as `datasets` has them, 150 to 350 KB each.
 *
 * @param size Bytes of audio at least.
 * @returns Its rows.
 */
export async function writeClips(path: string, size: number, layout: ClipsLayout): Promise<number> {
  const { codec, pageSize, groupRows } = layout;
  const optional = { type: "BYTE_ARRAY", repetition_type: "OPTIONAL" } as const;
  const writer = new ParquetWriter({
    ...{ writer: fileWriter(path), codec, statistics: false },
    schema: [
      { name: "root", num_children: 1 },
      { name: "audio", num_children: 2, repetition_type: "OPTIONAL" },
      { name: "bytes", ...optional },
      { name: "path", ...optional, converted_type: "UTF8" },
    ],
  });
  const pool = randomBytes(POOL);
  let rows = 0;
  for (let written = 0; written < size; rows += groupRows) {
    const clips = Array.from({ length: groupRows }, (_, i) => clip(pool, rows + i));
    written += clips.reduce((sum, { bytes }) => sum + bytes.length, 0);
    // A dictionary would hold nothing twice.
    const column = { name: "audio", data: clips, encoding: "PLAIN" as const };
    await writer.write({ columnData: [column], rowGroupSize: groupRows, pageSize });
  }
  await writer.finish();
  return rows;
}

function clip(pool: Uint8Array, row: number): { bytes: Uint8Array; path: string } {
  const length = 150_000 + row * 7919 % 200_000;
  const start = row * 104_729 % (POOL - length);
  return { bytes: pool.subarray(start, start + length), path: `${row}.wav` };
}

function randomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let start = 0; start < length; start += 65_536) {
    crypto.getRandomValues(bytes.subarray(start, start + 65_536));
  }
  return bytes;
}
