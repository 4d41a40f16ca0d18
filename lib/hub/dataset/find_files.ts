/**
 * The files and splits that patterns mean in a repository.
 *
 * @module
 */
import { fileMatcher, fixedFolder, hasMagic, looksDeeper } from "./pattern.ts";
import { keywordSplits, SHARDED, shardedSplits, type SplitPatterns } from "./split_patterns.ts";
import type { DatasetTree, TreeFile } from "./tree.ts";

/**
 * Files that patterns mean, in the order of the patterns and, of each, of the names.
 *
 * A file that several patterns mean comes once (Python's `datasets` 5.0.1 reads it twice). Only the
 * folder that a pattern begins with is listed.
 *
 * @param folder Where the patterns begin; empty for the whole repository.
 */
export async function findFiles(
  tree: DatasetTree,
  folder: string,
  patterns: readonly string[],
): Promise<readonly TreeFile[]> {
  const found = new Map<string, TreeFile>();
  for (const pattern of patterns) {
    const whole = folder === "" ? pattern : `${folder}/${pattern}`;
    const depth = looksDeeper(whole) && hasMagic(whole) ? "all" : "one";
    const { files } = await tree.list(fixedFolder(whole), depth);
    const matches = fileMatcher(whole);
    for (const file of files) if (matches(file.name)) found.set(file.name, file);
  }
  return [...found.values()];
}

/**
 * Splits by the names of files and folders, in their order; none where there are no files.
 *
 * @param folder The folder to look in; empty for the whole repository.
 */
export async function findSplits(tree: DatasetTree, folder: string): Promise<SplitPatterns> {
  const strip = folder === "" ? 0 : folder.length + 1;
  const shards = await findFiles(tree, folder, [SHARDED]);
  const sharded = shardedSplits(shards.map(({ name }) => name.slice(strip)));
  if (sharded.size > 0) return sharded;
  for (const patterns of keywordSplits()) {
    const found: [string, readonly string[]][] = [];
    for (const [split, names] of patterns) {
      if ((await findFiles(tree, folder, names)).length > 0) found.push([split, names]);
    }
    if (found.length > 0) return new Map(found);
  }
  return new Map();
}
