/**
 * Which split of a dataset a Parquet file belongs to, by its name.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { didYouMean } from "../nearest.ts";
import { SPLIT_WORDS } from "./split_words.ts";

/** The split of files that name none, and of datasets where none is asked for. */
const DEFAULT_SPLIT = "train";

/** How `datasets` writes a shard: `train-00000-of-00004.parquet`, hash and all. */
const SHARD = /^(\w+(?:\.\w+)*)-\d{5}-of-\d{5}/;

/** How the Hub names what it converts: `default/train/0000.parquet`. */
const CONVERTED = /^\d{4,5}\.parquet$/;

/** The split of each word that `datasets` knows in names. */
const WORDS: ReadonlyMap<string, string> = new Map(
  [...SPLIT_WORDS].flatMap(([split, words]) => words.map((word) => [word, split] as const)),
);

/**
 * The split of a file: what stands before the number of a shard, the folder of a file that is
 * called by a number, else a word such as `train` or `dev` in the file's name or, from the inside
 * out, that of a folder; `train` where there is none.
 *
 * @param path Relative to the folder of the dataset, with `/`.
 */
export function splitOf(path: string): string {
  const parts = path.split("/");
  const name = parts.at(-1) ?? "";
  const shard = SHARD.exec(name)?.[1];
  if (shard !== undefined) return shard;
  const folder = parts.at(-2);
  if (CONVERTED.test(name) && folder !== undefined) return folder.replace(/^partial-/, "");
  const words = parts.toReversed().flatMap((part) => part.toLowerCase().split(/[^a-z]+/));
  return words.map((word) => WORDS.get(word)).find((split) => split !== undefined) ??
    DEFAULT_SPLIT;
}

/** Files to choose from. */
export interface SplitChoice {
  /** How messages call the dataset. */
  readonly label: string;
  /** Relative paths. */
  readonly paths: readonly string[];
  /** The split that was asked for; null for `train`, or the only one. */
  readonly split: string | null;
}

/**
 * The files of one split, in the order given.
 *
 * @throws {UsageError} If there is no such split; the message lists those that there are.
 */
export function chooseSplit({ label, paths, split }: SplitChoice): readonly string[] {
  const splits = Map.groupBy(paths, splitOf);
  const names = [...splits.keys()];
  const only = names.length === 1 ? names[0] : undefined;
  const found = splits.get(split ?? only ?? DEFAULT_SPLIT);
  if (found !== undefined) return found;
  const known = names.map((name) => `'${name}'`).join(", ");
  throw new UsageError(
    split === null
      ? `Cannot choose a split of '${label}': it has ${known}: set split to one of them`
      : `Cannot find split '${split}' of '${label}': it has ${known}${didYouMean(split, names)}`,
  );
}
