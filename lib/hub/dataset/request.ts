/**
 * What of a dataset is asked for, and what comes of it.
 *
 * @module
 */
import type { DatasetTree, TreeFile } from "./tree.ts";

/** What of a dataset is asked for. */
export interface DatasetRequest {
  /** `org/name`. */
  readonly id: string;
  /** Null for the default or only one. */
  readonly config: string | null;
  /** `train`, `train+test`, `all`; null for `train`, or the only one. */
  readonly split: string | null;
  /** Whether the beginning of a split will do, where the Hub converted no more. */
  readonly allowPartial: boolean;
}

/** Where a dataset's files can be. */
export interface DatasetTrees {
  /** The revision that was asked for. */
  readonly main: DatasetTree;
  /** Whether that revision is what the Hub itself converted. */
  readonly isConverted: boolean;
  /** What the Hub converted of that revision; null where it has not. */
  converted(): Promise<DatasetTree | null>;
}

/** The files of what was asked for. */
export interface ResolvedFiles {
  readonly config: string;
  /** `train`, `train+test`. */
  readonly split: string;
  /** The commit that the files are of. */
  readonly commit: string;
  /** Parquet, in the order of their rows. */
  readonly files: readonly TreeFile[];
  /** What the user should know. */
  readonly notices: readonly string[];
}
