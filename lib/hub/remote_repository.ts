/**
 * A repository on the Hub: its files come into the cache as they are asked for.
 *
 * @module
 */
import { dirname } from "node:path";
import { messageOf, SpeechmillError, UsageError } from "../errors.ts";
import { type RepositoryCache, sizeOf } from "./cache.ts";
import type { HubClient } from "./client.ts";
import type { ContentFacts } from "./content.ts";
import { download, type Wanted, WrongContentError } from "./download.ts";
import { fetchFileFacts } from "./file_facts.ts";
import type { Listing } from "./listing.ts";
import { lockFile } from "./lock.ts";
import type { WriteAll } from "./part.ts";
import type { DownloadProgress, HubRepository } from "./repository.ts";
import { formatBytes } from "../terminal/format.ts";
import { filePath, type RepositoryReference } from "./repository_id.ts";
import { describeSubject, type Subject } from "./subject.ts";

/** What a repository on the Hub is made of. */
export interface RemoteRepositoryOptions {
  readonly repository: RepositoryReference;
  readonly listing: Listing;
  readonly client: HubClient;
  readonly cache: RepositoryCache;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** @default writes to the disk */
  readonly write?: WriteAll | undefined;
  /** @default locks of the file system */
  readonly lock?: typeof lockFile | undefined;
  /** Larger files are refused. @default {Infinity} */
  readonly maxBytes?: number;
}

/** Files of one commit, downloaded when they are missing. */
export class RemoteRepository implements HubRepository {
  readonly id: string;
  readonly commit: string;
  readonly files: readonly string[];
  readonly #options: RemoteRepositoryOptions;

  constructor(options: RemoteRepositoryOptions) {
    this.id = options.repository.id;
    this.commit = options.listing.commit;
    this.files = [...options.listing.files.keys()];
    this.#options = options;
  }

  async file(name: string): Promise<string> {
    const { listing, cache } = this.#options;
    const stated = listing.files.get(name);
    if (stated === undefined) throw this.#unknownFile(name);
    const path = cache.snapshotFile(this.commit, name);
    const size = await sizeOf(path);
    if (size !== null && (stated === null || stated.size === size)) {
      this.#checkSize(name, size);
      return path;
    }
    const facts = stated ?? await this.#askForFacts(name);
    this.#checkSize(name, facts.size);
    try {
      return await this.#bring(name, facts);
    } catch (error) {
      throw this.#cannotKeep(name, error);
    }
  }

  /** One process downloads; another that wants the same waits and finds it. */
  async #bring(name: string, facts: ContentFacts): Promise<string> {
    const { cache, client, lock: acquire = lockFile } = this.#options;
    const blob = cache.blob(facts.etag);
    await Deno.mkdir(dirname(blob), { recursive: true });
    using lock = await acquire(cache.lock(facts.etag), client.patience);
    if (await sizeOf(blob) !== facts.size) {
      const own = lock === null ? `.${crypto.randomUUID()}` : "";
      await this.#download(name, facts, `${blob}${own}.incomplete`);
    }
    return await cache.publish(this.commit, name, facts.etag);
  }

  async #download(name: string, facts: ContentFacts, part: string): Promise<void> {
    const { client, cache, onProgress, write } = this.#options;
    const wanted: Wanted = {
      path: this.#path(name),
      subject: this.#subject(name),
      facts,
      part,
      write,
      onBytes: (bytes) => onProgress?.({ file: name, bytes, total: facts.size }),
    };
    try {
      await download(client, wanted);
    } catch (error) {
      // A part under a name of its own would be found by nobody.
      const reusable = part === `${cache.blob(facts.etag)}.incomplete`;
      if (error instanceof WrongContentError || !reusable) await Deno.remove(part);
      throw error;
    }
    await Deno.rename(part, cache.blob(facts.etag));
  }

  #checkSize(name: string, bytes: number): void {
    const { maxBytes = Infinity } = this.#options;
    if (bytes <= maxBytes) return;
    throw new SpeechmillError(
      `Cannot use ${describeSubject(this.#subject(name))}: it has ${formatBytes(bytes)}, and a ` +
        `file of this kind has ${formatBytes(maxBytes)} at most`,
    );
  }

  #askForFacts(name: string): Promise<ContentFacts> {
    return fetchFileFacts(this.#options.client, this.#path(name), this.#subject(name));
  }

  #path(name: string): string {
    return filePath(this.#options.repository, this.commit, name);
  }

  #subject(file: string): Subject {
    return { repository: this.#options.repository, revision: this.commit, file };
  }

  #unknownFile(name: string): UsageError {
    const some = this.files.slice(0, 20).join(", ");
    return new UsageError(
      `Cannot get ${describeSubject(this.#subject(name))}: there is no such file; it has ${some}` +
        (this.files.length > 20 ? ` and ${this.files.length - 20} more` : ""),
    );
  }

  /** Errors of the file system do not say what we were doing. */
  #cannotKeep(name: string, error: unknown): unknown {
    const fromSystem = error instanceof Error && "code" in error &&
      !(error instanceof SpeechmillError || error instanceof DOMException);
    if (!fromSystem) return error;
    const { folder } = this.#options.cache;
    return new SpeechmillError(
      `Cannot keep ${describeSubject(this.#subject(name))} in the cache '${folder}': ` +
        `${messageOf(error)}; set HF_HUB_CACHE to a folder that can be written`,
      { cause: error },
    );
  }
}
