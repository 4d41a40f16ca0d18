/**
 * A dataset's repository on the Hub.
 *
 * @module
 */
import type { RepositoryCache } from "../cache.ts";
import type { HubClient } from "../client.ts";
import { EntryNotFoundError } from "../refusal.ts";
import { RemoteRepository } from "../remote_repository.ts";
import type { Subject } from "../subject.ts";
import { fetchTree } from "./fetch_tree.ts";
import type { DatasetTree, TreeDepth, TreeEntries } from "./tree.ts";

/** What a tree on the Hub is made of. */
export interface RemoteTreeOptions {
  readonly client: HubClient;
  readonly cache: RepositoryCache;
  /** The repository; its revision is a commit. */
  readonly subject: Subject;
  /** More entries of a folder than these are refused. @default 200,000 */
  readonly maxEntries?: number | undefined;
}

/** Cards with thousands of configurations have a few megabytes. */
const MAX_TEXT_BYTES = 16 << 20;

/** Lists each folder once, and keeps small files in the cache. */
export class RemoteTree implements DatasetTree {
  readonly commit: string;
  readonly #options: RemoteTreeOptions;
  readonly #listed = new Map<string, Promise<TreeEntries>>();

  constructor(options: RemoteTreeOptions) {
    this.commit = options.subject.revision;
    this.#options = options;
  }

  list(folder: string, depth: TreeDepth): Promise<TreeEntries> {
    const key = `${depth} ${folder}`;
    const listed = this.#listed.get(key) ??
      fetchTree(this.#options.client, { ...this.#options, folder, depth });
    this.#listed.set(key, listed);
    return listed;
  }

  async read(name: string): Promise<string | null> {
    const { client, cache, subject } = this.#options;
    const repository = new RemoteRepository({
      repository: subject.repository,
      // Its size and hash are asked for with its headers.
      listing: { commit: this.commit, files: new Map([[name, null]]) },
      client,
      cache,
      maxBytes: MAX_TEXT_BYTES,
    });
    try {
      return await Deno.readTextFile(await repository.file(name));
    } catch (error) {
      if (error instanceof EntryNotFoundError) return null;
      throw error;
    }
  }
}
