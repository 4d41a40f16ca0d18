/**
 * Folders with more files than the Hub takes.
 *
 * @module
 */
import { dirname } from "node:path";

/** "Entries per folder" of https://huggingface.co/docs/hub/storage-limits. */
const MAX_ENTRIES = 10_000;

/** What to say of the first folder with too many files; null where there is none. */
export function crowdedFolder(names: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const folder of names.map((name) => dirname(name))) {
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const [first] = [...counts].filter(([, count]) => count > MAX_ENTRIES);
  if (first === undefined) return null;
  const [folder, count] = first;
  return `'${folder}' has ${count.toLocaleString("en")} files, and the Hub takes ` +
    `${MAX_ENTRIES.toLocaleString("en")} in a folder: if it refuses them, encode with a smaller ` +
    "shard_size or into another format";
}
