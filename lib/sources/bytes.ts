/**
 * The bytes of a manifest, unzipped where it is gzip.
 *
 * @module
 */

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { messageOf, UsageError } from "../errors.ts";

const CHUNK_BYTES = 256 * 1024;

/**
 * Reads a file as it lies on disk.
 *
 * @returns Chunks of up to 256 KiB; each is a buffer of its own.
 * @throws {UsageError} If the file cannot be opened or read.
 */
export async function* readRawChunks(
  path: string,
): AsyncGenerator<Uint8Array, void, void> {
  using file = await openFile(path);
  while (true) {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const count = await readInto(file, chunk, path);
    if (count === null) return;
    yield chunk.subarray(0, count);
  }
}

/**
 * Reads a text file. Gzip is recognised by its first two bytes, whatever the file is called;
 * several gzip members one after the other are one text.
 *
 * @throws {UsageError} If the file cannot be read, or its gzip stream is damaged.
 */
export async function* readChunks(
  path: string,
): AsyncGenerator<Uint8Array, void, void> {
  if (await isGzip(path)) yield* readGzipChunks(path);
  else yield* readRawChunks(path);
}

async function* readGzipChunks(
  path: string,
): AsyncGenerator<Uint8Array, void, void> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // What goes wrong here comes out of `gunzip` as well, where it is reported.
  const fed = pipeline(Readable.from(readRawChunks(path)), gunzip).catch(
    messageOf,
  );
  try {
    for await (const chunk of gunzip) yield chunk;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `Cannot read '${path}': its gzip stream is damaged: ${messageOf(error)}`,
      { cause: error },
    );
  } finally {
    gunzip.destroy();
    await fed;
  }
}

async function isGzip(path: string): Promise<boolean> {
  using file = await openFile(path);
  const magic = new Uint8Array(2);
  await readInto(file, magic, path);
  return magic[0] === 0x1f && magic[1] === 0x8b;
}

async function openFile(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (error) {
    throw new UsageError(`Cannot read '${path}': ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

async function readInto(
  file: Deno.FsFile,
  buffer: Uint8Array<ArrayBuffer>,
  path: string,
): Promise<number | null> {
  try {
    return await file.read(buffer);
  } catch (error) {
    throw new UsageError(`Cannot read '${path}': ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Deno.errors.NotFound ? "no such file" : messageOf(error);
}
