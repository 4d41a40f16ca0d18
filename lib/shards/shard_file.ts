/**
 * A shard's file as every format writes it: counted, hashed, synced.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { OutputFile } from "../fs.ts";
import type { ShardTarget, WrittenShard } from "./format.ts";

/** Bytes that are written together: a few milliseconds of the coordinator's thread. */
const SLICE = 256 * 1024;

/** The temporary file of a shard. */
export class ShardFile implements Disposable {
  readonly #file: OutputFile;
  readonly #hash = createHash("sha256");
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #bytes = 0;

  constructor({ fs, temporary }: Pick<ShardTarget, "fs" | "temporary">) {
    this.#file = fs.create(temporary);
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Writes `bytes`, which may be used again afterwards. */
  write(bytes: Uint8Array): void {
    this.#file.write(bytes);
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  /** Takes `bytes`, which must not change any more; resolves when there is room for more. */
  async append(...pieces: readonly Uint8Array[]): Promise<void> {
    for (const piece of pieces) this.#pendingBytes += piece.length;
    this.#pending.push(...pieces);
    if (this.#pendingBytes < SLICE) return;
    this.#writePending();
    await breathe();
  }

  /** Ends the file and syncs it to the disk. */
  finish(rows: number): WrittenShard {
    this.#writePending();
    this.#file.sync();
    return { rows, bytes: this.#bytes, sha256: this.#hash.digest("hex") };
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  #writePending(): void {
    if (this.#pendingBytes === 0) return;
    const joined = new Uint8Array(this.#pendingBytes);
    let offset = 0;
    for (const piece of this.#pending) {
      joined.set(piece, offset);
      offset += piece.length;
    }
    this.#pending = [];
    this.#pendingBytes = 0;
    this.write(joined);
  }
}

/** Lets everything else that waits for this thread go first: the answers of workers are read. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
