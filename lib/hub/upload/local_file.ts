/**
 * One file that is uploaded, and what its content is known by.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { messageOf, SpeechmillError } from "../../errors.ts";
import { FileContent } from "./file_content.ts";
import type { RemoteFile } from "./remote_tree.ts";

/** What the run's manifest states of a file. */
export interface StatedContent {
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

interface Digests {
  readonly size: number;
  readonly sha256: string;
  /** The name that git gives to the content. */
  readonly gitSha1: string;
}

/** A file of a run directory. */
export class LocalFile {
  /** Relative to the run directory, with `/`; the same in the repository. */
  readonly name: string;
  readonly path: string;
  readonly #directory: string;
  readonly #stated: StatedContent | null;
  #digests: Promise<Digests> | null = null;

  constructor(directory: string, name: string, stated: StatedContent | null = null) {
    this.name = name;
    this.path = join(directory, name);
    this.#directory = directory;
    this.#stated = stated;
  }

  /** Bytes. */
  async size(): Promise<number> {
    return this.#stated?.bytes ?? (await this.#read()).size;
  }

  /** SHA-256; that of the manifest is taken without reading the file. */
  async sha256(): Promise<string> {
    return this.#stated?.sha256 ?? (await this.#read()).sha256;
  }

  /** Whether a file of the repository has this content. */
  async equals(remote: RemoteFile): Promise<boolean> {
    if (remote.size !== await this.size()) return false;
    return remote.sha256 === null
      ? remote.gitSha1 === (await this.#read()).gitSha1
      : remote.sha256 === await this.sha256();
  }

  /**
   * The bytes, once they are found to be what the manifest states.
   *
   * @param onError Called where the file can no longer be read when the bytes are sent.
   * @throws {SpeechmillError} If they are not, or cannot be read.
   */
  async content(onError: (error: unknown) => void): Promise<FileContent> {
    const { size, sha256 } = await this.#read();
    if (this.#stated !== null && this.#stated.sha256 !== sha256) {
      throw new SpeechmillError(
        `Cannot upload '${this.path}': its content is not what the manifest states: ` +
          `see 'speechmill verify ${this.#directory}'`,
      );
    }
    return new FileContent(this.path, 0, size, onError);
  }

  #read(): Promise<Digests> {
    return this.#digests ??= this.#digest();
  }

  async #digest(): Promise<Digests> {
    try {
      const { size } = await Deno.stat(this.path);
      const sha256 = createHash("sha256");
      const gitSha1 = createHash("sha1").update(`blob ${size}\0`);
      for await (const piece of new FileContent(this.path, 0, size).stream()) {
        sha256.update(piece);
        gitSha1.update(piece);
      }
      return { size, sha256: sha256.digest("hex"), gitSha1: gitSha1.digest("hex") };
    } catch (error) {
      throw new SpeechmillError(`Cannot read '${this.path}' to upload it: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
}
