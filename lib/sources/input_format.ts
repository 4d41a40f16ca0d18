/**
 * What an input may be.
 *
 * @module
 */

/** What an input may be. */
export const INPUT_FORMATS = [
  "auto",
  "folder",
  "jsonl",
  "table",
  "ljspeech",
  "parquet",
  "arrow",
  "tar",
  "lines",
  "hub",
] as const;

/** What an input may be; `auto` finds out. */
export type InputFormat = typeof INPUT_FORMATS[number];
