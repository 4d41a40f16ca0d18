/**
 * A sparse file with the bytes of one row group at their own places.
 *
 * @module
 */
import { dirname } from "node:path";
import { messageOf, SpeechmillError } from "../../errors.ts";
import { openFileBuffer } from "../../parquet/file_buffer.ts";
import type { WriteAll } from "../part.ts";
import type { TakeBytes } from "./range_reader.ts";

/** What a block is made of. */
export interface BlockOptions {
  /** Where it is published. */
  readonly path: string;
  /** Bytes of the file that it stands for. */
  readonly size: number;
  /** @default writes to the disk */
  readonly write?: WriteAll | undefined;
  /** Gives the bytes that it holds. */
  fill(take: TakeBytes): Promise<void>;
  /** Looks at what was written, before it is published. */
  check(buffer: ReturnType<typeof openFileBuffer>): void;
}

/**
 * Writes a block under a temporary name, checks and syncs it, and renames it. Only one at a time may
 * write a path.
 *
 * @throws {SpeechmillError} If the disk does not take it; and what `fill` and `check` throw.
 */
export async function writeBlock(options: BlockOptions): Promise<void> {
  const temporary = `${options.path}.part`;
  try {
    await fillFile(temporary, options);
    using buffer = openFileBuffer(temporary);
    options.check(buffer);
    await Deno.rename(temporary, options.path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}

async function fillFile(
  temporary: string,
  { path, size, write = writeAll, fill }: BlockOptions,
): Promise<void> {
  const toDisk = <T>(work: () => Promise<T>) => orCannotWrite(path, work);
  await toDisk(() => Deno.mkdir(dirname(path), { recursive: true }));
  using file = await toDisk(() =>
    Deno.open(temporary, { read: true, write: true, create: true, truncate: true })
  );
  await toDisk(() => file.truncate(size));
  await fill((bytes, offset) =>
    toDisk(async () => {
      await file.seek(offset, Deno.SeekMode.Start);
      await write(file, bytes);
    })
  );
  // A block that is there is believed to be whole, even after the power went.
  await toDisk(() => file.syncData());
}

async function orCannotWrite<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new SpeechmillError(
      `Cannot write '${path}': ${messageOf(error)}: make room, and run the command again`,
      { cause: error },
    );
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
}
