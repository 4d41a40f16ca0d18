/**
 * Ids of the files in one folder.
 *
 * @module
 */

import { splitName } from "./extensions.ts";

/**
 * Names each file by its stem, and those whose stems are equal by their whole names: `a.wav` and
 * `a.flac` stay apart, and an id does not depend on the order of the files.
 *
 * @param names Names of files in one folder, each once.
 * @returns The id of each name; no two are equal.
 */
export function idsOf(names: readonly string[]): ReadonlyMap<string, string> {
  const ids = new Map(names.map((name) => [name, splitName(name).stem]));
  while (true) {
    const colliding = collisionsIn(ids);
    if (colliding.length === 0) return ids;
    // A whole name may equal another's stem (`a.wav.flac`), which then gives way as well.
    for (const name of colliding) ids.set(name, name);
  }
}

/** Names that share their id with another one. */
function collisionsIn(ids: ReadonlyMap<string, string>): readonly string[] {
  const byId = Map.groupBy(ids.keys(), (name) => ids.get(name));
  return [...byId.values()].filter((names) => names.length > 1).flat();
}
