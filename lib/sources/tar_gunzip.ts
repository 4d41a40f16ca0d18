/**
 * Unpacking a gzipped tar as far as it goes.
 *
 * @module
 */
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { messageOf, SpeechmillError } from "../errors.ts";

/** What is unpacked where. */
export interface GunzipOptions {
  readonly from: string;
  readonly to: string;
  /** How messages call what is unpacked. */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes that were written. */
  readonly onBytes?: (bytes: number) => void;
}

const CHUNK_BYTES = 256 * 1024;

/**
 * Unpacks a file.
 *
 * @returns What is wrong with it, after what came before was written; null for nothing.
 * @throws {SpeechmillError} If the disk does not take it.
 * @throws The signal's reason, if aborted.
 */
export async function gunzipFile(options: GunzipOptions): Promise<string | null> {
  const { from, to, signal, onBytes } = options;
  using file = Deno.openSync(to, { write: true, create: true, truncate: true });
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // What goes wrong here comes out of `gunzip` as well.
  const fed = pipeline(createReadStream(from, { highWaterMark: CHUNK_BYTES }), gunzip)
    .catch(messageOf);
  let bytes = 0;
  try {
    for await (const chunk of gunzip) {
      signal?.throwIfAborted();
      writeAll(file, chunk, options);
      bytes += chunk.length;
      onBytes?.(bytes);
    }
    return null;
  } catch (error) {
    if (!isGzipError(error)) throw error;
    return `its gzip stream is damaged: ${messageOf(error)}`;
  } finally {
    gunzip.destroy();
    await fed;
    file.syncSync();
  }
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array, { name, to }: GunzipOptions): void {
  try {
    for (let written = 0; written < bytes.length;) {
      written += file.writeSync(bytes.subarray(written));
    }
  } catch (error) {
    throw new SpeechmillError(`Cannot unpack '${name}' to '${to}': ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function isGzipError(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}
