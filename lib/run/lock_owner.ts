/**
 * Whether a process works in a run.
 *
 * @module
 */
import { openIfReadable } from "../fs.ts";

/**
 * Who holds the lock of a run; null if nobody does.
 *
 * The lock is tried, not read: a file that a killed process left says nothing. It is held for
 * the few microseconds of the trial, shared, so that two that ask do not see each other.
 */
export function lockOwner(path: string): string | null {
  using file = openIfReadable(path);
  if (file === null) return null;
  if (file.tryLockSync(false)) return null;
  const owner = Deno.readTextFileSync(path).trim();
  return owner === "" ? "another process" : owner;
}
