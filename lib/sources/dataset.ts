/**
 * One of the datasets of a run: where it is, what its columns are, what of it is taken.
 *
 * @module
 */
import type { Columns } from "./columns.ts";

/** A value in every row of a dataset. */
export type Constant = string | number | boolean | null;

/** A value that a column filter compares with. */
export type FilterValue = string | number | boolean | null;

/** A dataset as it was asked for; everything is checked and paths are absolute. */
export interface DatasetConfig {
  /**
   * Absolute path of a file or folder, the address of a tar (`https://…`), or a dataset on the Hub:
   * `hf://datasets/org/name` or `hf://datasets/org/name@revision`.
   */
  readonly input: string;
  /** Configuration ("subset") of a Hub dataset or of a local folder that has several; null for the only or default one. */
  readonly config: string | null;
  /** Split of a dataset that has several; null for `train`, or the only one. */
  readonly split: string | null;
  /** Which column holds which field; names that equal a field's fill in the rest. */
  readonly columns: Columns | null;
  /** Columns with one value in every row of this dataset. */
  readonly constants: Readonly<Record<string, Constant>>;
  /** Rows are left out unless each of these columns has this value, or one of these. */
  readonly where: Readonly<Record<string, FilterValue | readonly FilterValue[]>>;
  /** Take only so many samples, from the beginning; null for all. */
  readonly maxSamples: number | null;
  /** Leave out shorter clips; null for the run's own limit. */
  readonly minSeconds: number | null;
  /** Leave out longer clips; null for the run's own limit. */
  readonly maxSeconds: number | null;
}

/** What a source of rows (Parquet, Arrow) needs to know beside where it lies. */
export interface RowOptions {
  readonly columns: Columns | null;
  readonly where: DatasetConfig["where"];
  /** Begins the ids of rows without an id column: `name/config/split` gives `name/config/split/17`. */
  readonly idPrefix: string;
  /** Folders where relative audio paths of a path column are tried after the file's own. */
  readonly audioRoot: readonly string[];
}
