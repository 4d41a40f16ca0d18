/**
 * What kind of files the data of a split is.
 *
 * @module
 */
import { AUDIO_EXTENSIONS } from "../../sources/extensions.ts";

const PARQUET = ["parquet", "geoparquet", "gpq"];

/** Files of rows, in the order in which the first of two that are as frequent is taken. */
const ROWS = [
  ...PARQUET,
  "lance",
  "arrow",
  "jsonl",
  "json",
  "csv",
  "tsv",
  "ndjson",
  "txt",
  "conll",
  "conllu",
  "tar",
  "zip",
  "xml",
  "hdf5",
  "h5",
  "tsfile",
];

/** Extensions that data can have; pictures and other files beside it do not count. */
const KNOWN: readonly string[] = [...ROWS, ...AUDIO_EXTENSIONS];

/** Rows about the files beside them. */
const METADATA = ["metadata.csv", "metadata.jsonl", "metadata.parquet"];

/** Whether a file is Parquet by its name. */
export function isParquet(name: string): boolean {
  return PARQUET.includes(name.toLowerCase().split(".").at(-1) ?? "");
}

/**
 * The most frequent extension of data, without the dot; null where none of the files is data.
 *
 * Python's `datasets` decides by the same rule which of its readers a dataset needs.
 */
export function commonExtension(names: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const name of names) {
    const base = name.split("/").at(-1) ?? "";
    // Metadata decides only where there is nothing else.
    const weight = METADATA.includes(base) ? 1e-9 : 1;
    for (const part of base.toLowerCase().split(".").slice(1)) {
      if (KNOWN.includes(part)) counts.set(part, (counts.get(part) ?? 0) + weight);
    }
  }
  const byCount = [...counts].sort(([a, m], [b, n]) =>
    n - m || KNOWN.indexOf(a) - KNOWN.indexOf(b)
  );
  return byCount[0]?.[0] ?? null;
}

/** Whether the data of files with these names is Parquet. */
export function holdsParquet(names: readonly string[]): boolean {
  return PARQUET.includes(commonExtension(names) ?? "");
}
