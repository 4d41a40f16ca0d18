/**
 * The cache of one repository, in the layout of Python's `huggingface_hub`:
 *
 * ```
 * models--org--name/refs/main                     the commit, as text
 * models--org--name/blobs/<etag>                  contents
 * models--org--name/snapshots/<commit>/<file>     relative links to them
 * .locks/models--org--name/<etag>.lock
 * ```
 *
 * @module
 */
import { dirname, join, relative } from "node:path";
import { SpeechmillError } from "../errors.ts";
import { isSafeName } from "./file_name.ts";
import { cacheFolderName, type RepositoryReference } from "./repository_id.ts";

/** Makes a symbolic link; a parameter because some file systems have none. */
export type MakeLink = (target: string, path: string) => Promise<void>;

/** The cached files of one repository. */
export class RepositoryCache {
  readonly #root: string;
  readonly #name: string;
  readonly #makeLink: MakeLink;

  /** @param root The cache folder of all repositories. */
  constructor(root: string, repository: RepositoryReference, makeLink: MakeLink = Deno.symlink) {
    this.#root = root;
    this.#name = cacheFolderName(repository);
    this.#makeLink = makeLink;
  }

  /** The repository's folder. */
  get folder(): string {
    return join(this.#root, this.#name);
  }

  /** Where the content of this tag lies, or will. */
  blob(etag: string): string {
    return join(this.folder, "blobs", etag);
  }

  /** The file to lock while this content is downloaded. */
  lock(etag: string): string {
    return join(this.#root, ".locks", this.#name, `${etag}.lock`);
  }

  /** Where a file of a commit lies, or will. */
  snapshotFile(commit: string, name: string): string {
    return join(this.#snapshot(commit), ...name.split("/"));
  }

  /** The commit that a revision was when it was last asked for; null if nothing of it is here. */
  async commitOf(revision: string): Promise<string | null> {
    const commit = /^[0-9a-f]{40}$/.test(revision) ? revision : await this.#readReference(revision);
    return commit !== null && await sizeOf(this.#snapshot(commit)) !== null ? commit : null;
  }

  /** Keeps what commit a branch or tag is. A commit needs no note. */
  async remember(revision: string, commit: string): Promise<void> {
    if (revision === commit || await this.#readReference(revision) === commit) return;
    const path = this.#reference(revision);
    await Deno.mkdir(dirname(path), { recursive: true });
    const temporary = `${path}.${crypto.randomUUID()}.tmp`;
    await Deno.writeTextFile(temporary, commit);
    await Deno.rename(temporary, path);
  }

  /** As `remember`; a cache that others keep may be read-only, and does without the note. */
  async rememberIfPossible(revision: string, commit: string): Promise<void> {
    try {
      await this.remember(revision, commit);
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
    }
  }

  /** Names of the files of a commit that are here, sorted. */
  async files(commit: string): Promise<string[]> {
    return (await Array.fromAsync(walk(this.#snapshot(commit), ""))).sort();
  }

  /**
   * Publishes a content as a file of a commit: by a link, or by a copy where there are none.
   *
   * @throws {SpeechmillError} If the file would come to lie outside of the snapshot.
   */
  async publish(commit: string, name: string, etag: string): Promise<string> {
    const path = this.snapshotFile(commit, name);
    const folder = dirname(path);
    await Deno.mkdir(folder, { recursive: true });
    const [inner, outer] = [await Deno.realPath(folder), await Deno.realPath(this.folder)];
    if (inner !== join(outer, relative(this.folder, folder))) {
      throw new SpeechmillError(
        `Cannot use the cache folder '${this.folder}': a link in it leads '${folder}' to ` +
          `'${inner}'; remove that link`,
      );
    }
    const blob = this.blob(etag);
    // Made beside the blobs, so that a snapshot never holds anything but its files.
    const temporary = `${blob}.${crypto.randomUUID()}.tmp`;
    try {
      await this.#makeLink(relative(folder, blob), temporary);
    } catch {
      await Deno.copyFile(blob, temporary);
    }
    await Deno.rename(temporary, path);
    return path;
  }

  async #readReference(revision: string): Promise<string | null> {
    try {
      const text = (await Deno.readTextFile(this.#reference(revision))).trim();
      return /^[0-9a-f]{40}$/.test(text) ? text : null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  #reference(revision: string): string {
    if (!isSafeName(revision)) {
      throw new SpeechmillError(`Cannot use the revision '${revision}': it is no name of git's`);
    }
    return join(this.folder, "refs", ...revision.split("/"));
  }

  #snapshot(commit: string): string {
    return join(this.folder, "snapshots", commit);
  }
}

/** Size of what a path leads to, in bytes; null if there is nothing. */
export async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory ||
    error instanceof Deno.errors.IsADirectory;
}

/** Files below a folder, by names with `/`; links that lead nowhere are none. */
async function* walk(folder: string, prefix: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* walk(path, `${prefix}${name}/`);
    else if (await sizeOf(path) !== null) yield `${prefix}${name}`;
  }
}
