/**
 * What a command brings to the engine: a source, a stage and the rows of its shards.
 *
 * @module
 */
import type { Column, ShardRow } from "../shards/column.ts";
import type { Source } from "../sources/source.ts";

/** Anything that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | {
  readonly [key: string]: Json;
};

/** A sample as the ledger gives it back for a row. */
export interface PlannedSample {
  readonly idx: number;
  readonly id: string;
  readonly text: string | null;
  readonly speaker: string | null;
  readonly language: string | null;
  /** Which of the run's datasets it belongs to, from 0. */
  readonly origin: number;
}

/** What a worker answered for a sample. */
export type StageOutput = { readonly [key: string]: unknown };

/** The coordinator's side of a stage. */
export interface JobStage {
  /** The name under which the worker finds it. */
  readonly name: string;
  /** Goes to the worker as it is. */
  readonly settings: { readonly [key: string]: Json };
  /** SHA-256 of the model; a worker that loaded another one is refused. */
  readonly modelDigest: string;
  /** Padded length of so many seconds, in padding units; samples of equal length share batches. */
  lengthOf(seconds: number): number;
  /** About what a second of audio takes in the ledger, in bytes, to see whether the disk has room. */
  readonly bytesPerSecond: number;
  /** What is wrong with an output, or null. A broken device must not write nonsense into a shard. */
  check(output: StageOutput): string | null;
  /** Tokens in an output, for the summary. */
  tokens(output: StageOutput): number;
}

/** A command, as the engine sees it. */
export interface Job {
  readonly source: Source;
  readonly stage: JobStage;
  /** The columns of every row in every file, in order. */
  readonly columns: readonly Column[];
  /** The row of a sample; it holds every column. */
  row(
    sample: PlannedSample,
    output: StageOutput,
    seconds: number,
  ): ShardRow;
  /** Facts about the model for the manifest. */
  readonly model: { readonly [key: string]: Json };
  /** How the rows hold what the model gave, for the manifest. @default nothing */
  readonly layout?: { readonly [key: string]: Json };
  /** What stands beside the manifest to explain the rows, written with it. @default nothing */
  extraFiles?(): readonly ExtraFile[];
  /** The dataset card, given the run's figures. */
  card(figures: CardFigures): string;
  /** Said once at the start; what a user must know about the model. */
  readonly notice: string | null;
}

/** A file that explains the rows. */
export interface ExtraFile {
  /** Its name in the run directory. */
  readonly name: string;
  readonly content: string;
}

/** What a dataset card tells. */
export interface CardFigures {
  readonly splits: readonly { readonly name: string; readonly rows: number }[];
  readonly hours: number;
  readonly tokens: number;
  readonly quarantined: number;
  readonly filtered: number;
  /** Rows that a column filter left out. */
  readonly excluded?: number;
  /** Quarantined samples by reason. */
  readonly reasons?: Readonly<Record<string, number>>;
  readonly finished: boolean;
}
