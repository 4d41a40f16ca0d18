/**
 * A `.npy` file for each list of tokens, and an index of JSON lines that names them and holds the
 * other columns.
 *
 * @module
 */
import { cellOf, tokensOf } from "./cell.ts";
import type { Column } from "./column.ts";
import type { ShardFormat, ShardTarget, ShardWriter, WrittenShard } from "./format.ts";
import { npyBytes, tokenType } from "./npy_array.ts";
import {
  NPY_EXTENSION,
  type NpyEntry,
  npyFolder,
  NpyFolderWriter,
  npyPath,
  sha256Of,
} from "./npy_files.ts";
import { readNpyShard } from "./npy_reader.ts";
import { idOf, SampleNames } from "./sample_names.ts";
import { ShardFile } from "./shard_file.ts";

/** `.npy` files beside an index. */
export function npy(): ShardFormat {
  return {
    extension: NPY_EXTENSION,
    create: (target) => new NpyShardWriter(target),
    read: readNpyShard,
    folder: npyFolder,
  };
}

class NpyShardWriter implements ShardWriter {
  readonly #target: ShardTarget;
  readonly #names: SampleNames;
  readonly #folder: NpyFolderWriter;
  readonly #index: ShardFile;
  #rows = 0;

  constructor(target: ShardTarget) {
    this.#target = target;
    this.#names = new SampleNames(target.columns);
    this.#folder = new NpyFolderWriter(target);
    this.#index = new ShardFile(target);
  }

  async write(rows: readonly object[]): Promise<void> {
    for (const row of rows) {
      const line = `${JSON.stringify(await this.#indexed(row))}\n`;
      await this.#index.append(new TextEncoder().encode(line));
      this.#rows++;
    }
  }

  finish(): Promise<WrittenShard> {
    if (this.#rows === 0) this.#folder.discard();
    else this.#folder.publish();
    return Promise.resolve(this.#index.finish(this.#rows));
  }

  [Symbol.dispose](): void {
    this.#index[Symbol.dispose]();
  }

  /** A row as the index has it, its tokens written. */
  async #indexed(row: object): Promise<Record<string, unknown>> {
    const key = this.#names.key(idOf(row));
    const cells: [string, unknown][] = [];
    for (const column of this.#target.columns) {
      const isTokens = column.type === "tokens";
      cells.push([
        column.name,
        isTokens ? await this.#writeTokens(key, row, column) : cellOf(row, column),
      ]);
    }
    return Object.fromEntries(cells);
  }

  async #writeTokens(key: string, row: object, column: Column): Promise<NpyEntry> {
    const tokens = tokensOf(row, column);
    const name = this.#names.file(key, column);
    const bytes = npyBytes(tokens, tokenType(column));
    await this.#folder.write(name, bytes);
    const path = npyPath(this.#target.path, name);
    return { path, sha256: sha256Of(bytes), length: tokens.length };
  }
}
