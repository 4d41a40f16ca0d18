/**
 * Parquet: columns with types, Zstandard, tokens as lists of 32-bit integers.
 *
 * @module
 */
import type { ShardFormat } from "./format.ts";
import { readParquet } from "./parquet_reader.ts";
import { ParquetShardWriter } from "./parquet_writer.ts";

/** How Parquet is written. */
export interface ParquetOptions {
  /** Level of Zstandard, 1 (fast) to 19 (small). @default {3} */
  readonly level?: number;
}

/** Parquet files that `pyarrow`, `datasets` and the Hub's viewer read. */
export function parquet({ level = 3 }: ParquetOptions = {}): ShardFormat {
  return {
    extension: "parquet",
    create: (target) => new ParquetShardWriter(target, level),
    read: readParquet,
  };
}
