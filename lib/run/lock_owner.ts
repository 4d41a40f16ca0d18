/**
 * Whether a process works in a run.
 *
 * @module
 */

/**
 * Who holds the lock of a run; null if nobody does.
 *
 * The lock is tried, not read: a file that a killed process left says nothing. It is held for
 * the few microseconds of the trial, shared, so that two that ask do not see each other.
 */
export function lockOwner(path: string): string | null {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path, { read: true });
  } catch {
    return null;
  }
  using _file = file;
  if (file.tryLockSync(false)) return null;
  const owner = Deno.readTextFileSync(path).trim();
  return owner === "" ? "another process" : owner;
}
