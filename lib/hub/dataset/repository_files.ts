/**
 * Audio files that lie in a dataset's repository beside its rows, which name them by their paths.
 *
 * @module
 */
import { dirname, join, relative, sep } from "node:path";
import { SampleError } from "../../errors.ts";
import type { Blocks } from "../../sources/source.ts";
import { ATTEMPTS_OF_RUN } from "../back_off.ts";
import { type RepositoryCache, sizeOf } from "../cache.ts";
import type { HubClient } from "../client.ts";
import { download, WrongContentError } from "../download.ts";
import { fetchFileFacts } from "../file_facts.ts";
import { isSafeName } from "../file_name.ts";
import { EntryNotFoundError } from "../refusal.ts";
import { cachedPath } from "./cached_ranges.ts";
import { type DatasetFile, downloadPath, subjectOf } from "./dataset_file.ts";
import { Once } from "./once.ts";

/** Where files come from and go to. */
export interface RepositoryFilesOptions {
  /** Absolute path of a folder that no other run uses. */
  readonly folder: string;
  /** The files with the rows, all of one commit. */
  readonly files: readonly DatasetFile[];
  readonly cache: RepositoryCache;
  /** Null to look into the cache alone. */
  readonly client: HubClient | null;
}

/** Brings whole files and drops them. */
export class RepositoryFiles implements Blocks {
  readonly #options: RepositoryFilesOptions;
  /** By path: what is on its way is waited for. */
  readonly #coming = new Once();
  /** Once the Hub has answered it is asked for longer. */
  #attempts: number | undefined;

  constructor(options: RepositoryFilesOptions) {
    this.#options = options;
  }

  /** Where the relative paths of a file's rows begin. */
  folderOf({ name }: DatasetFile): string {
    return join(this.#options.folder, dirname(name));
  }

  /** Whether a path is that of a file of the repository. */
  owns(path: string): boolean {
    return isSafeName(this.#nameOf(path));
  }

  async bring(path: string, signal: AbortSignal): Promise<void> {
    await this.#coming.run(path, async () => {
      try {
        await this.#bring(path, signal);
      } catch (error) {
        throw isOfName(error) ? this.#noSuchFile(path, { cause: error }) : error;
      }
    });
  }

  async drop(path: string): Promise<void> {
    await this.#coming.settled(path);
    try {
      await Deno.remove(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  async #bring(path: string, signal: AbortSignal): Promise<void> {
    if (await sizeOf(path) !== null) return;
    await Deno.mkdir(dirname(path), { recursive: true });
    for (const name of this.#candidates(path)) {
      if (await this.#copy(name, path, signal)) return;
    }
    throw this.#noSuchFile(path);
  }

  #noSuchFile(path: string, options?: ErrorOptions): SampleError {
    const id = this.#options.files[0]?.repository.id ?? "";
    const name = this.#nameOf(path);
    const message = `Cannot read '${name}': the dataset '${id}' has no such file`;
    return new SampleError("missing_file", message, options);
  }

  /** Paths count from the file with the rows, or from the beginning of the repository. */
  #candidates(path: string): readonly string[] {
    const name = this.#nameOf(path);
    const folders = new Set(this.#options.files.map((file) => `${dirname(file.name)}/`));
    const inner = [...folders].filter((folder) => name.startsWith(folder));
    return [name, ...inner.map((folder) => name.slice(folder.length))];
  }

  async #copy(name: string, path: string, signal: AbortSignal): Promise<boolean> {
    const { cache, files: [first] } = this.#options;
    if (first === undefined) return false;
    const place = { repository: first.repository, commit: first.commit, name };
    const cached = cache.snapshotFile(place.commit, name);
    const part = `${path}.part`;
    if (await sizeOf(cached) !== null) {
      await Deno.copyFile(cached, part);
    } else if (this.#options.client === null) {
      await cachedPath(cache, { ...place, facts: { etag: "", size: -1 } });
    } else {
      const client = this.#options.client.withPatience({ signal, attempts: this.#attempts });
      const isThere = await fetchFile(client, place, part);
      this.#attempts = ATTEMPTS_OF_RUN;
      if (!isThere) return false;
    }
    await Deno.rename(part, path);
    return true;
  }

  #nameOf(path: string): string {
    return relative(this.#options.folder, path).split(sep).join("/");
  }
}

/** What speaks of a name and not of the disk: no file can be written under it. */
const NAME_CODES: readonly unknown[] = ["ENAMETOOLONG", "ENOTDIR", "EEXIST", "EISDIR"];

function isOfName(error: unknown): boolean {
  return error instanceof Error && "code" in error && NAME_CODES.includes(error.code);
}

/** Downloads a file, held to its hash; false if there is no such file. */
async function fetchFile(
  client: HubClient,
  place: Omit<DatasetFile, "facts">,
  part: string,
): Promise<boolean> {
  const request = { ...place, facts: { etag: "", size: 0 } };
  const [path, subject] = [downloadPath(request), subjectOf(request)];
  try {
    const facts = await fetchFileFacts(client, path, subject);
    await download(client, { path, subject, facts, part });
    return true;
  } catch (error) {
    if (error instanceof EntryNotFoundError) return false;
    if (!(error instanceof WrongContentError)) throw error;
    await Deno.remove(part);
    throw new SampleError("corrupt_audio", error.message, { cause: error });
  }
}
