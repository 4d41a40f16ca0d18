/**
 * Where the row groups of a run lie while they are needed: in the cache, under a name that the run
 * keeps, so that it finds them again wherever its folder has been moved to, and no other run does.
 *
 * @module
 */
import { join } from "node:path";
import { type FileSystem, publishFile, realFileSystem } from "../fs.ts";

const NAME = /^[0-9a-f-]{36}$/;

/** The folder of one run, made and named when it is first asked for. */
export class BlockFolder {
  readonly #note: string;
  readonly #cache: string;
  readonly #fs: FileSystem;

  /**
   * @param notes A folder in the run directory.
   * @param cache The cache folder.
   */
  constructor(notes: string, cache: string, fs: FileSystem = realFileSystem) {
    this.#note = join(notes, "blocks");
    this.#cache = cache;
    this.#fs = fs;
  }

  /** Its absolute path. */
  path(): string {
    return this.#folder(this.#name() ?? this.#make());
  }

  /** Removes all of it; a finished run needs it no more. */
  remove(): void {
    const name = this.#name();
    if (name !== null) this.#fs.removeTree(this.#folder(name));
  }

  #folder(name: string): string {
    return join(this.#cache, "runs", name);
  }

  #name(): string | null {
    try {
      const name = Deno.readTextFileSync(this.#note).trim();
      return NAME.test(name) ? name : null;
    } catch {
      return null;
    }
  }

  #make(): string {
    const name = crypto.randomUUID();
    this.#fs.makeDirectory(join(this.#note, ".."));
    publishFile(this.#fs, this.#note, `${name}\n`);
    return name;
  }
}
