/**
 * Names for what formats with files a sample write: `<key>.<column>.npy`.
 *
 * @module
 */
import { FileNames } from "../safe_name.ts";
import type { Column } from "./column.ts";

/** Names the files of the samples of one shard. The same rows always have the same names. */
export class SampleNames {
  readonly #keys = new FileNames("", { dots: false });
  readonly #endings: ReadonlyMap<string, string>;

  /** @param columns Of the run. */
  constructor(columns: readonly Column[]) {
    const names = new FileNames("", { dots: false });
    this.#endings = new Map(columns.map(({ name }) => [name, `${names.of(name)}.npy`]));
  }

  /** What a sample's files begin with: WebDataset takes all up to the first dot for it. */
  key(id: string): string {
    return this.#keys.of(id);
  }

  /** The file of one of its columns. */
  file(key: string, column: Column): string {
    return `${key}.${this.field(column)}`;
  }

  /** What the file of a column is called after the key: WebDataset's name for it. */
  field(column: Column): string {
    return this.#endings.get(column.name) ?? "";
  }
}

/** The id of a row. */
export function idOf(row: unknown): string {
  const id = typeof row === "object" && row !== null && "id" in row ? row.id : undefined;
  if (typeof id === "string") return id;
  throw new TypeError("a row has no 'id'");
}
