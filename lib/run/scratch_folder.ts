/**
 * Folders in which workers may write: each has one, for as long as it lives.
 *
 * @module
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** A folder that is removed when it is disposed of. */
export interface ScratchFolder extends Disposable {
  readonly path: string;
}

const PREFIX = "speechmill-scratch-";

/**
 * Where scratch folders may lie, the best first. Not `/dev/shm`: Deno lets only a process with all
 * permissions write below `/dev`. A file that is written over and over hardly reaches the disk.
 */
export function scratchPlaces(): readonly string[] {
  return [tmpdir()];
}

/**
 * Makes a folder that only this user may read.
 *
 * @param places Where it may lie; the first that takes it is used.
 * @throws {Error} If none of them does.
 */
export function makeScratchFolder(places: readonly string[] = scratchPlaces()): ScratchFolder {
  const errors: unknown[] = [];
  for (const dir of places) {
    try {
      // A right to write is given for the path behind symbolic links, and paths end at commas.
      const place = Deno.realPathSync(dir);
      if (place.includes(",")) throw new Error(`'${place}' holds a comma`);
      const path = Deno.makeTempDirSync({ dir: place, prefix: `${PREFIX}${ownName()}-` });
      return { path, [Symbol.dispose]: () => removeIfPossible(path) };
    } catch (error) {
      errors.push(error);
    }
  }
  throw new Error(
    `Cannot make a folder for temporary files in ${places.join(" or ")}: set TMPDIR to a folder ` +
      "that can be written",
    { cause: errors[0] },
  );
}

/** Removes the folders of coordinators that were killed before they could. */
export function removeOrphans(places: readonly string[] = scratchPlaces()): void {
  for (const place of new Set(places)) {
    for (const name of namesIn(place)) {
      const [, space, pid] = /^speechmill-scratch-(\d+)-(\d+)-/.exec(name) ?? [];
      if (space === processSpace() && !isAlive(Number(pid))) removeIfPossible(join(place, name));
    }
  }
}

/** Process ids mean something only within their namespace: containers may share the folder. */
function ownName(): string {
  return `${processSpace()}-${Deno.pid}`;
}

/** The number of this process's namespace of process ids; 0 where there is none. */
function processSpace(): string {
  try {
    return /\d+/.exec(Deno.readLinkSync("/proc/self/ns/pid"))?.[0] ?? "0";
  } catch {
    return "0";
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user may not be signalled, but it is there.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch {
    return [];
  }
}

/** Another user's folder stays, and one that is gone is as good as removed. */
function removeIfPossible(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch {
    // The next start tries again.
  }
}
