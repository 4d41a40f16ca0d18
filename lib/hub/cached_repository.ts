/**
 * A repository without network: what is in the cache of one commit.
 *
 * @module
 */
import { SpeechmillError } from "../errors.ts";
import { type RepositoryCache, sizeOf } from "./cache.ts";
import { isSafeName } from "./file_name.ts";
import type { HubRepository } from "./repository.ts";
import { describeSubject } from "./subject.ts";
import type { RepositoryReference } from "./repository_id.ts";

/** What a repository in the cache is made of. */
export interface CachedRepositoryOptions {
  readonly repository: RepositoryReference;
  readonly commit: string;
  readonly cache: RepositoryCache;
  /** Why the Hub is not asked, for messages. */
  readonly reason: string;
}

/** Files that are here, and advice for those that are not. */
export class CachedRepository implements HubRepository {
  readonly id: string;
  readonly commit: string;
  readonly files: readonly string[];
  readonly #options: CachedRepositoryOptions;

  private constructor(options: CachedRepositoryOptions, files: readonly string[]) {
    this.id = options.repository.id;
    this.commit = options.commit;
    this.files = files;
    this.#options = options;
  }

  /** Lists what is here. */
  static async open(options: CachedRepositoryOptions): Promise<CachedRepository> {
    return new CachedRepository(options, await options.cache.files(options.commit));
  }

  async file(name: string): Promise<string> {
    const { repository, cache, reason } = this.#options;
    if (isSafeName(name)) {
      const path = cache.snapshotFile(this.commit, name);
      if (await sizeOf(path) !== null) return path;
    }
    const subject = { repository, revision: this.commit, file: name };
    throw new SpeechmillError(
      `Cannot find ${describeSubject(subject)} in the cache '${cache.folder}': ` +
        notHere(repository, reason, this.commit),
    );
  }
}

/**
 * What to do about something that is not in the cache.
 *
 * @param reason Why the Hub is not asked.
 */
export function notHere(
  repository: RepositoryReference,
  reason: string,
  revision: string,
): string {
  return `it is not there, and ${reason}; ${howToGet(repository, revision)}`;
}

/** How a revision comes into the cache. */
export function howToGet({ type, id }: RepositoryReference, revision: string): string {
  const kind = type === "model" ? "" : ` --repo-type ${type}`;
  return "run once with network, or on a machine that has it: " +
    `hf download ${id}${kind} --revision ${revision}`;
}
