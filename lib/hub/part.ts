/**
 * The part of a file that has been downloaded so far.
 *
 * @module
 */
import type { Hash } from "node:crypto";
import { type ContentFacts, contentHash } from "./content.ts";

const READ_BYTES = 1 << 20;

/** Writes all of the bytes; a parameter so that a test can fill the disk. */
export type WriteAll = (file: Deno.FsFile, bytes: Uint8Array) => Promise<void>;

/** A file that grows until it is whole, and the hash of what is in it. */
export class Part implements Disposable {
  readonly path: string;
  readonly #facts: ContentFacts;
  readonly #file: Deno.FsFile;
  readonly #write: WriteAll;
  #hash: Hash | null;
  #bytes = 0;

  private constructor(path: string, facts: ContentFacts, file: Deno.FsFile, write: WriteAll) {
    this.path = path;
    this.#facts = facts;
    this.#file = file;
    this.#write = write;
    this.#hash = contentHash(facts);
  }

  /** Opens the part that is there, or begins one. What is longer than the file begins anew. */
  static async open(path: string, facts: ContentFacts, write: WriteAll = writeAll): Promise<Part> {
    const file = await Deno.open(path, { read: true, write: true, create: true });
    const part = new Part(path, facts, file, write);
    try {
      await part.#readBack();
      return part;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Bytes that are here. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes that are not. */
  get missing(): number {
    return this.#facts.size - this.#bytes;
  }

  /** Adds bytes at the end. If the disk does not take them, the part stays as it was. */
  async append(bytes: Uint8Array): Promise<void> {
    try {
      await this.#write(this.#file, bytes);
    } catch (error) {
      // Some of them may have been written, and the hash does not know which.
      await this.#file.truncate(this.#bytes);
      throw error;
    }
    this.#hash?.update(bytes);
    this.#bytes += bytes.length;
  }

  /** Drops all of it. */
  async restart(): Promise<void> {
    await this.#file.truncate(0);
    await this.#file.seek(0, Deno.SeekMode.Start);
    this.#hash = contentHash(this.#facts);
    this.#bytes = 0;
  }

  /** The hash of what is here, hexadecimal; null if none was stated to compare with. */
  digest(): string | null {
    return this.#hash?.copy().digest("hex") ?? null;
  }

  /** Returns once the content is on the disk. */
  async sync(): Promise<void> {
    await this.#file.sync();
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  async #readBack(): Promise<void> {
    if ((await this.#file.stat()).size > this.#facts.size) return await this.restart();
    const buffer = new Uint8Array(READ_BYTES);
    for (let read; (read = await this.#file.read(buffer)) !== null;) {
      this.#hash?.update(buffer.subarray(0, read));
      this.#bytes += read;
    }
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
}
