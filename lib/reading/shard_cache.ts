/**
 * The rows of the data files that were read last, so that a second row of one costs nothing.
 *
 * @module
 */
import { join } from "node:path";
import { shardFormatOf } from "../shards/registry.ts";
import type { Column } from "../shards/column.ts";
import type { RawRow } from "./encoded_row.ts";
import type { RunFile } from "./manifest.ts";

/** Compressed bytes of the files kept: about six times as much in memory. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Reads single rows of data files. */
export class ShardCache {
  readonly #directory: string;
  readonly #columns: readonly Column[];
  readonly #maxBytes: number;
  /** The least recently used first. */
  readonly #kept = new Map<string, Promise<readonly RawRow[]>>();
  readonly #bytes = new Map<string, number>();

  /**
   * @param directory The run directory.
   * @param columns The run's columns.
   * @param maxBytes Compressed bytes of the files kept. @default 16 MiB
   */
  constructor(directory: string, columns: readonly Column[], maxBytes = MAX_BYTES) {
    this.#directory = directory;
    this.#columns = columns;
    this.#maxBytes = maxBytes;
  }

  /** The row at a position of a file; undefined if the file is shorter. */
  async row(file: RunFile, position: number): Promise<RawRow | undefined> {
    if (file.bytes > this.#maxBytes) return await this.#seek(file, position);
    const rows = this.#kept.get(file.path) ?? this.#load(file);
    this.#kept.delete(file.path);
    this.#kept.set(file.path, rows);
    return (await rows)[position];
  }

  async #seek(file: RunFile, position: number): Promise<RawRow | undefined> {
    let at = 0;
    for await (const row of this.#read(file)) {
      if (at++ === position) return row;
    }
    return undefined;
  }

  #load(file: RunFile): Promise<readonly RawRow[]> {
    this.#bytes.set(file.path, file.bytes);
    this.#makeRoom();
    const rows = Array.fromAsync(this.#read(file));
    // A file that could not be read is read again when it is asked for again.
    rows.catch(() => this.#drop(file.path));
    return rows;
  }

  #makeRoom(): void {
    for (const path of [...this.#kept.keys()]) {
      const total = [...this.#bytes.values()].reduce((sum, bytes) => sum + bytes, 0);
      if (total <= this.#maxBytes) return;
      this.#drop(path);
    }
  }

  #drop(path: string): void {
    this.#kept.delete(path);
    this.#bytes.delete(path);
  }

  #read(file: RunFile): AsyncIterable<RawRow> {
    return shardFormatOf(file.path).read(join(this.#directory, file.path), this.#columns);
  }
}
