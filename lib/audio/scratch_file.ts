/**
 * A file for audio that lies within another file: FFmpeg keeps 35 KB for every clip that it reads
 * from memory.
 *
 * @module
 */
import { join } from "node:path";
import { messageOf } from "../errors.ts";
import type { ByteSource } from "./byte_source.ts";

/** Copied at once, in bytes. */
const BLOCK_LENGTH = 1 << 20;

/** Letters and digits behind a dot: some formats are told by their extension alone. */
const EXTENSION = /\.[A-Za-z0-9]{1,12}$/;

/** One file in a folder of its own under `TMPDIR`, made when it is first needed. */
export class ScratchFile implements Disposable {
  readonly #place: string | undefined;
  #folder: string | null = null;
  #path: string | null = null;

  /** @param place Where its folder is made. @default {TMPDIR} */
  constructor(place?: string) {
    this.#place = place;
  }

  /**
   * Fills the file, over what it held before.
   *
   * @param name What the bytes are called where they lie: the file gets that extension.
   * @returns The path of the file; good until it is filled again.
   * @throws {Error} If there is no room for it, or no right to write it.
   */
  fill(source: ByteSource, name: string | null): string {
    try {
      const place = this.#place === undefined ? {} : { dir: this.#place };
      this.#folder ??= Deno.makeTempDirSync({ ...place, prefix: "speechmill-clip-" });
      const path = join(this.#folder, `clip${EXTENSION.exec(name ?? "")?.[0] ?? ""}`);
      if (this.#path !== null && this.#path !== path) Deno.removeSync(this.#path);
      this.#path = path;
      copy(source, path);
      return path;
    } catch (error) {
      const message = `Cannot write a clip to the folder for temporary files: ${messageOf(error)}`;
      throw new Error(message, { cause: error });
    }
  }

  [Symbol.dispose](): void {
    if (this.#folder !== null) Deno.removeSync(this.#folder, { recursive: true });
    this.#folder = this.#path = null;
  }
}

function copy(source: ByteSource, path: string): void {
  // Some file systems write a file to the disk at once if it was emptied before it was filled.
  using file = Deno.openSync(path, { write: true, create: true });
  for (let offset = 0; offset < source.size;) {
    const bytes = source.read(offset, BLOCK_LENGTH);
    if (bytes.length === 0) throw new Error(`the bytes end after ${offset} of ${source.size}`);
    for (let written = 0; written < bytes.length;) {
      written += file.writeSync(bytes.subarray(written));
    }
    offset += bytes.length;
  }
  file.truncateSync(source.size);
}
