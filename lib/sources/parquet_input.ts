/**
 * A Parquet file as a source lists it, wherever it lies.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { basename, dirname } from "node:path";
import { messageOf, UsageError } from "../errors.ts";
import { openFileBuffer } from "../parquet/file_buffer.ts";
import { openParquet, type ParquetBytes } from "../parquet/open.ts";
import type { SourceFile } from "./source.ts";

/** A Parquet file. */
export interface ParquetInput {
  /** How places and messages call it: `data/train-00000-of-00002.parquet`. */
  readonly name: string;
  /** The folder where relative audio paths begin; null where nothing lies beside it. */
  readonly folder: string | null;
  /** Whether row groups are brought here when they are due (see `Source.blocks`). */
  readonly isDeferred: boolean;
  /** The absolute path that samples of a row group have as `audio`. */
  audioPath(rowGroup: number): string;
  /**
   * Opens its bytes for planning.
   *
   * @throws {SpeechmillError} If they cannot be had; what the buffer throws later likewise, unless
   *   it is damage.
   */
  open(): Promise<ParquetBytes & Disposable>;
  /** A digest of what decides its rows. */
  fingerprint(): Promise<SourceFile>;
}

/**
 * A local Parquet file.
 *
 * Its fingerprint is the digest of its size, its modification time and its footer. The footer
 * alone holds the columns, the row counts, and place and statistics of every page run, so it
 * differs wherever data of another length or other bounds were written; size and time see the
 * rest. Hashing the audio as well would read terabytes before a run.
 *
 * @param path Absolute path.
 * @param name How places and messages call it. @default {its file name}
 */
export function localParquet(path: string, name: string = basename(path)): ParquetInput {
  return {
    name,
    folder: dirname(path),
    isDeferred: false,
    audioPath: () => path,
    open: () => Promise.resolve(openLocal(path)),
    fingerprint: () => fingerprintLocal(path, name),
  };
}

function openLocal(path: string): ParquetBytes & Disposable {
  try {
    return openFileBuffer(path);
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const reason = isMissing ? "no such file" : messageOf(error);
    throw new UsageError(`Cannot read '${path}': ${reason}`, { cause: error });
  }
}

async function fingerprintLocal(path: string, name: string): Promise<SourceFile> {
  using buffer = openLocal(path);
  const { footer } = await openParquet(buffer, name);
  const { mtime } = await Deno.stat(path);
  const hash = createHash("sha256");
  hash.update(`${buffer.byteLength} ${mtime?.getTime()}\0`);
  hash.update(new Uint8Array(await buffer.slice(footer.start, footer.end)));
  return { path, sha256: hash.digest("hex") };
}
