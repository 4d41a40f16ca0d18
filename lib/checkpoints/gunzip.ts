/**
 * Unpacking gzip into a temporary file, where it can be read by range.
 *
 * @module
 */
import { closeSync, createReadStream, openSync, unlinkSync, write } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Writable } from "node:stream";
import { createGunzip } from "node:zlib";
import { FileSource } from "./byte_source.ts";
import { CheckpointFault, damaged } from "./fault.ts";

/** Where to unpack to, and how much. */
export interface GunzipOptions {
  /** @default the system's folder for temporary files */
  readonly temporaryFolder?: string;
  /**
   * More is taken for an attempt to fill the disk. Bytes.
   *
   * @default 16 GiB
   */
  readonly maxUnpackedBytes?: number;
}

/**
 * Unpacks a gzip file. The temporary file has no name any more when this returns: the system
 * removes it when it is closed, even if this process is killed.
 *
 * @throws {CheckpointFault} if the gzip stream is damaged or too long; the system's error if the
 * disk is full.
 */
export async function gunzip(path: string, options: GunzipOptions = {}): Promise<FileSource> {
  const { maxUnpackedBytes = 16 * 2 ** 30 } = options;
  const descriptor = openUnnamed(options.temporaryFolder ?? temporaryFolder());
  try {
    const output = writerTo(descriptor, maxUnpackedBytes);
    await pipeline(createReadStream(path), createGunzip(), output);
    return new FileSource(descriptor);
  } catch (error) {
    closeSync(descriptor);
    throw isZlibError(error) ? damaged("its gzip stream is damaged or cut short") : error;
  }
}

/** A file without a name, open for reading and writing. */
function openUnnamed(folder: string): number {
  const path = join(folder, `speechmill-${crypto.randomUUID()}.tmp`);
  const descriptor = openSync(path, "wx+", 0o600);
  unlinkSync(path);
  return descriptor;
}

function temporaryFolder(): string {
  return Deno.env.get("TMPDIR") ?? Deno.env.get("TEMP") ?? "/tmp";
}

function writerTo(descriptor: number, most: number): Writable {
  let position = 0;
  return new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      if (position + chunk.length > most) {
        done(new CheckpointFault(`it unpacks to more than ${most} bytes`));
        return;
      }
      writeAll(descriptor, chunk, position, done);
      position += chunk.length;
    },
  });
}

function writeAll(
  descriptor: number,
  bytes: Uint8Array,
  position: number,
  done: (error?: Error | null) => void,
): void {
  write(descriptor, bytes, 0, bytes.length, position, (error, count) => {
    if (error || count === bytes.length) done(error);
    else writeAll(descriptor, bytes.subarray(count), position + count, done);
  });
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}
