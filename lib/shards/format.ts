/**
 * What an output format is.
 *
 * @module
 */
import type { FileSystem } from "../fs.ts";

/** A file that was written and is durable, still under its temporary name. */
export interface WrittenShard {
  readonly rows: number;
  readonly bytes: number;
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
}

/** A shard being written. Disposing of it before `finish` leaves an unfinished temporary file. */
export interface ShardWriter extends Disposable {
  /** Adds rows in order; resolves when there is room for more. */
  write(rows: readonly object[]): Promise<void>;
  /** Ends the file and syncs it to the disk. */
  finish(): Promise<WrittenShard>;
}

/** One kind of output file. */
export interface ShardFormat {
  /** `jsonl.gz` */
  readonly extension: string;
  create(fs: FileSystem, path: string): ShardWriter;
  /** The rows of a published file, in order. */
  read(path: string): AsyncIterable<Record<string, unknown>>;
}
