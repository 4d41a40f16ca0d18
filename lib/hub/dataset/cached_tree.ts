/**
 * A dataset's repository without network: what is in the cache of one commit.
 *
 * @module
 */
import { compareCodePoints } from "../../sources/order.ts";
import { type RepositoryCache, sizeOf } from "../cache.ts";
import type { DatasetTree, TreeDepth, TreeEntries } from "./tree.ts";

/** Lists the files that are here; which others the repository has is not known. */
export class CachedTree implements DatasetTree {
  readonly commit: string;
  readonly #cache: RepositoryCache;
  #names: Promise<readonly string[]> | null = null;

  constructor(cache: RepositoryCache, commit: string) {
    this.commit = commit;
    this.#cache = cache;
  }

  async list(folder: string, depth: TreeDepth): Promise<TreeEntries> {
    this.#names ??= this.#cache.files(this.commit);
    const prefix = folder === "" ? "" : `${folder}/`;
    const names = (await this.#names).filter((name) => name.startsWith(prefix));
    const folders = names.flatMap((name) => {
      const end = name.indexOf("/", prefix.length);
      return end === -1 ? [] : [name.slice(0, end)];
    });
    return {
      folders: [...new Set(folders)].sort(compareCodePoints),
      files: names
        .filter((name) => depth === "all" || !name.slice(prefix.length).includes("/"))
        .sort(compareCodePoints)
        .map((name) => ({ name, content: null })),
    };
  }

  async read(name: string): Promise<string | null> {
    const path = this.#cache.snapshotFile(this.commit, name);
    return await sizeOf(path) === null ? null : await Deno.readTextFile(path);
  }
}
