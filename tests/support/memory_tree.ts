/** A repository of a dataset that is names alone. */
import type { DatasetTree, TreeDepth, TreeEntries } from "../../lib/hub/dataset/tree.ts";
import { compareCodePoints } from "../../lib/sources/order.ts";

/** Lists names; the texts of some files can be read. */
export class MemoryTree implements DatasetTree {
  readonly commit = "0123456789abcdef0123456789abcdef01234567";
  /** `all data`, `one `: what was listed. */
  readonly listed: string[] = [];
  readonly #names: readonly string[];
  readonly #texts: ReadonlyMap<string, string>;

  constructor(names: readonly string[], texts: Readonly<Record<string, string>> = {}) {
    this.#texts = new Map(Object.entries(texts));
    this.#names = [...names, ...this.#texts.keys()].sort(compareCodePoints);
  }

  list(folder: string, depth: TreeDepth): Promise<TreeEntries> {
    this.listed.push(`${depth} ${folder}`);
    const prefix = folder === "" ? "" : `${folder}/`;
    const below = this.#names.filter((name) => name.startsWith(prefix));
    const isDirect = (name: string) => !name.slice(prefix.length).includes("/");
    const folders = below.filter((name) => !isDirect(name))
      .map((name) => name.slice(0, name.indexOf("/", prefix.length)));
    return Promise.resolve({
      folders: [...new Set(folders)],
      files: below.filter((name) => depth === "all" || isDirect(name))
        .map((name) => ({ name, content: null })),
    });
  }

  read(name: string): Promise<string | null> {
    return Promise.resolve(this.#texts.get(name) ?? null);
  }
}
