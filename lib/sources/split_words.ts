/**
 * Words by which Python's `datasets` knows a split in names of files and folders (`data_files.py` of
 * 5.0.1).
 *
 * @module
 */

/** Splits that have names of their own, in their order, and what each is called. */
export const SPLIT_WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ["train", ["train", "training"]],
  ["validation", ["validation", "valid", "dev", "val"]],
  ["test", ["test", "testing", "eval", "evaluation"]],
]);
