/**
 * The folder of a shard whose tokens are `.npy` files.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { type FileSystem, pathExists, temporaryName } from "../fs.ts";
import { breathe } from "./shard_file.ts";
import type { ShardTarget } from "./format.ts";

/** The ending of the file that names the others. */
export const NPY_EXTENSION = "npy.jsonl";

/** What an index says of one array. */
export interface NpyEntry {
  /** Beside the index: `train-00000-of-00003/utt_1.codes.npy`. */
  readonly path: string;
  /** Of the whole file, hexadecimal. */
  readonly sha256: string;
  /** Tokens. */
  readonly length: number;
}

/** The folder that belongs to an index. */
export function npyFolder(index: string): string {
  return index.slice(0, -`.${NPY_EXTENSION}`.length);
}

/** How an index names a file of its folder. */
export function npyPath(index: string, name: string): string {
  return `${basename(npyFolder(index))}/${name}`;
}

/** SHA-256 of bytes, hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Files written together before others have their turn: a sync may take milliseconds. */
const FILES = 16;

/**
 * The files of a shard in the making. They get into a temporary folder; what an earlier attempt
 * left of that is removed first.
 */
export class NpyFolderWriter {
  readonly #fs: FileSystem;
  readonly #index: string;
  readonly #folder: string;
  #files = 0;

  constructor({ fs, path }: ShardTarget) {
    this.#fs = fs;
    this.#index = path;
    this.#folder = npyFolder(path);
    fs.removeTree(this.#replaced);
    fs.removeTree(this.#temporary);
    fs.makeDirectory(this.#temporary);
  }

  /** Writes and syncs one file. */
  async write(name: string, bytes: Uint8Array): Promise<void> {
    using file = this.#fs.create(join(this.#temporary, name));
    file.write(bytes);
    file.sync();
    if (++this.#files % FILES === 0) await breathe();
  }

  /**
   * Gives the folder its name. One of an earlier attempt goes, and before it the index that may
   * name its files: never is there an index without them.
   */
  publish(): void {
    const parent = dirname(this.#folder);
    this.#fs.syncDirectory(this.#temporary);
    if (pathExists(this.#folder)) {
      this.#fs.remove(this.#index);
      this.#fs.syncDirectory(parent);
      this.#fs.rename(this.#folder, this.#replaced);
    }
    this.#fs.rename(this.#temporary, this.#folder);
    this.#fs.syncDirectory(parent);
    this.#fs.removeTree(this.#replaced);
  }

  /** Removes what is there, if nothing came of it. */
  discard(): void {
    this.#fs.removeTree(this.#temporary);
  }

  get #temporary(): string {
    return temporaryName(this.#folder);
  }

  get #replaced(): string {
    return temporaryName(`${this.#folder}.old`);
  }
}
