/**
 * Whether the disk has room for what a run will write.
 *
 * @module
 */
import { SpeechmillError } from "../errors.ts";
import type { RunPaths } from "./run_directory.ts";

/** Room that is always wanted on the disk. */
const MIN_FREE_BYTES = 64 * 1024 * 1024;

/**
 * Looks at the disk before a run starts.
 *
 * @param bytes About what the run will write.
 * @param freeBytes Bytes free in a folder; null where that cannot be asked.
 * @throws {SpeechmillError} If there is less room than that.
 */
export function requireRoom(
  paths: RunPaths,
  bytes: number,
  freeBytes: (path: string) => number | null,
): void {
  const free = freeBytes(paths.data);
  const needed = MIN_FREE_BYTES + bytes;
  if (free === null || free >= needed) return;
  const megabytes = (bytes: number) => Math.ceil(bytes / 1e6);
  throw new SpeechmillError(
    `Cannot start the run in '${paths.directory}': it needs about ${megabytes(needed)} MB, ` +
      `${megabytes(free)} MB are free: make room, or choose another --output`,
  );
}
