/**
 * WebDataset: a tar with, for each row, `<key>.json` and `<key>.<column>.npy` for each column of
 * tokens.
 *
 * @module
 */
import { TAR_END, tarMember } from "./tar_member.ts";
import { readTarShard } from "./tar_reader.ts";
import { cellOf, tokensOf } from "./cell.ts";
import type { Column } from "./column.ts";
import type { ShardFormat, ShardTarget, ShardWriter, WrittenShard } from "./format.ts";
import { npyBytes, tokenType } from "./npy_array.ts";
import { idOf, SampleNames } from "./sample_names.ts";
import { ShardFile } from "./shard_file.ts";

/** WebDataset tars. */
export function tar(): ShardFormat {
  return {
    extension: "tar",
    create: (target) => new TarShardWriter(target),
    read: readTarShard,
  };
}

class TarShardWriter implements ShardWriter {
  readonly #columns: readonly Column[];
  readonly #names: SampleNames;
  readonly #file: ShardFile;
  #rows = 0;

  constructor(target: ShardTarget) {
    this.#columns = target.columns;
    this.#names = new SampleNames(target.columns);
    this.#file = new ShardFile(target);
  }

  async write(rows: readonly object[]): Promise<void> {
    for (const row of rows) {
      await this.#file.append(...this.#members(row));
      this.#rows++;
    }
  }

  async finish(): Promise<WrittenShard> {
    await this.#file.append(TAR_END);
    return this.#file.finish(this.#rows);
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  #members(row: object): Uint8Array[] {
    const key = this.#names.key(idOf(row));
    const plain = this.#columns.filter(({ type }) => type !== "tokens");
    const json = JSON.stringify(
      Object.fromEntries(plain.map((column) => [column.name, cellOf(row, column)])),
    );
    const members = tarMember(`${key}.json`, new TextEncoder().encode(json));
    for (const column of this.#columns) {
      if (column.type !== "tokens") continue;
      const array = npyBytes(tokensOf(row, column), tokenType(column));
      members.push(...tarMember(this.#names.file(key, column), array));
    }
    return members;
  }
}
