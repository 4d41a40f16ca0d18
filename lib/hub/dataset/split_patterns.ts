/**
 * Splits of a dataset whose card names none: by the names of files and folders, as Python's
 * `datasets` finds them (`data_files.py` of 5.0.1).
 *
 * @module
 */

import { SPLIT_WORDS } from "../../sources/split_words.ts";

/** Patterns of the files of each split, in the order of the splits. */
export type SplitPatterns = ReadonlyMap<string, readonly string[]>;

/** What may stand between a keyword and the rest of a name. */
const SEPARATORS = "[-._ 0-9]";

const SHARD = /^data\/([^/]*)-\d{5}-of-\d{5}[^/]*\.[^/]*$/;

/** A split can have any name of this shape. */
export const SPLIT_NAME = /^\w+(\.\w+)*$/u;

/** Pattern of files that name their split and how many of them there are. */
export const SHARDED = "data/*-[0-9][0-9][0-9][0-9][0-9]-of-[0-9][0-9][0-9][0-9][0-9]*.*";

/**
 * Splits of files such as `data/random-00000-of-00003.parquet`.
 *
 * @param names What {@linkcode SHARDED} means.
 */
export function shardedSplits(names: readonly string[]): SplitPatterns {
  const found = new Set(names.flatMap((name) => SHARD.exec(name)?.[1] ?? []));
  const known = [...SPLIT_WORDS.keys()];
  const splits = [
    ...known.filter((split) => found.has(split)),
    ...[...found].filter((split) => !known.includes(split)).sort(),
  ];
  return new Map(splits.map((split) => [split, [SHARDED.replace("*", split)]]));
}

/** The ways to find splits by keywords, in the order in which they are tried. */
export function keywordSplits(): readonly SplitPatterns[] {
  return [
    patternsOf((keyword) => [
      `**/${keyword}/**`,
      `**/${keyword}${SEPARATORS}*/**`,
      `**/*${SEPARATORS}${keyword}/**`,
      `**/*${SEPARATORS}${keyword}${SEPARATORS}*/**`,
    ]),
    patternsOf((keyword) => [
      `**/${keyword}${SEPARATORS}*`,
      `**/*${SEPARATORS}${keyword}${SEPARATORS}*`,
    ]),
    new Map([["train", ["**"]]]),
  ];
}

function patternsOf(forKeyword: (keyword: string) => readonly string[]): SplitPatterns {
  return new Map([...SPLIT_WORDS].map(([split, words]) => [split, words.flatMap(forKeyword)]));
}
