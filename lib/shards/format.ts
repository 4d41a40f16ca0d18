/**
 * What an output format is.
 *
 * @module
 */
import type { FileSystem } from "../fs.ts";
import type { Column } from "./column.ts";

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

/** Where a shard is written, and what is in it. */
export interface ShardTarget {
  readonly fs: FileSystem;
  /** The temporary name that the file is written under. */
  readonly temporary: string;
  /** The name it gets when it is sealed. What lies beside it is named after it. */
  readonly path: string;
  /** Every row has every one of these, in this order. */
  readonly columns: readonly Column[];
}

/** One kind of output file. The same rows give the same bytes, on any machine. */
export interface ShardFormat {
  /** `jsonl.gz` */
  readonly extension: string;
  create(target: ShardTarget): ShardWriter;
  /**
   * The rows of a published file, in order.
   *
   * @param columns The run's columns, for formats that do not carry their types.
   * @throws {SpeechmillError} If the file is damaged; the message names it and the last whole row.
   */
  read(path: string, columns: readonly Column[]): AsyncIterable<Record<string, unknown>>;
  /** The folder that belongs to a published file, in formats where one does. */
  readonly folder?: (path: string) => string;
}
