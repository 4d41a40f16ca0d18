/**
 * The output formats by their names.
 *
 * @module
 */

/** The names of the output formats, as settings have them. */
export const FORMAT_NAMES = ["jsonl.gz", "parquet", "tar", "csv", "npy"] as const;

/** The name of an output format. */
export type FormatName = typeof FORMAT_NAMES[number];
