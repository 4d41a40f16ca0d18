/**
 * What `verify` finds.
 *
 * @module
 */

/** What a problem is about; it decides what can be done. */
export type ProblemKind =
  /** A data file is missing, or is not the file that was sealed. */
  | "damage"
  /** A file in `data/` that the run did not seal. */
  | "stray"
  /** A row is not what the plan and the codec say. */
  | "row"
  /** `manifest.json` or `failed.jsonl` disagrees with the rest. */
  | "record"
  /** The ledger is damaged, or disagrees with itself. */
  | "ledger"
  /** Encoded alone, a clip gives other tokens, or it could not be encoded. */
  | "rebatch";

/** One thing that is wrong. */
export interface Problem {
  readonly kind: ProblemKind;
  /** Relative to the run directory. */
  readonly file: string;
  /** Counted from 1. */
  readonly row?: number;
  readonly id?: string;
  /** What is wrong, a clause. */
  readonly problem: string;
}

/** What encoding some clips once more, one by one, gave. */
export interface RebatchReport {
  /** Clips encoded. */
  readonly samples: number;
  readonly tokens: number;
  /** Tokens that differ. */
  readonly mismatches: number;
  /** `mismatches / tokens`; 0 if there were none. */
  readonly rate: number;
}

/** The whole of what was found. */
export interface VerifyReport {
  /** Data files of the run. */
  readonly files: number;
  /** Of these, files that were read to the end; of the others only the size was looked at. */
  readonly filesRead: number;
  /** Rows read. */
  readonly rows: number;
  /** Whether the run itself is finished; an unfinished one can be whole so far. */
  readonly finished: boolean;
  /** Whether the ledger was there; without it the rows are not compared with the plan. */
  readonly ledger: boolean;
  readonly problems: readonly Problem[];
  /** What can be done about the problems, a sentence or two each. */
  readonly advice: readonly string[];
  /** Null if it was not asked for. */
  readonly rebatch: RebatchReport | null;
  /** Whether there is no problem. */
  readonly ok: boolean;
}

/** What happens while a run is verified. The last event is `finished`. */
export type VerifyEvent =
  | { readonly type: "problem"; readonly problem: Problem }
  /** A data file was looked at; `read` if it was read to its end. */
  | {
    readonly type: "file";
    readonly path: string;
    readonly read: boolean;
    readonly done: number;
    readonly total: number;
  }
  /** A clip was encoded once more. */
  | { readonly type: "rebatch"; readonly id: string; readonly done: number; readonly total: number }
  | { readonly type: "finished"; readonly report: VerifyReport };

const ADVICE: Readonly<Record<ProblemKind, string>> = {
  damage:
    "A sealed file cannot be made again by itself, since its rows left the ledger when it was " +
    "sealed: restore it from a copy that has the SHA-256 in 'manifest.json', or encode the same " +
    "input with the same settings into a new folder, which gives the same bytes, and take the file from there",
  stray: "Loaders that read 'data/*' take files that the run did not seal for rows: move them away",
  row: "Rows that are not what was planned are never written by a run: the file was changed, " +
    "or the device that made it is faulty: encode the input into a new folder and compare the files",
  record:
    "Where the ledger is whole, 'speechmill resume' writes 'manifest.json' and 'failed.jsonl' anew",
  ledger:
    "The data files can be read by 'manifest.json' alone: move '.speechmill' away to use them as a " +
    "dataset; to go on with the run, restore its ledger from a copy",
  rebatch:
    "Tokens of a clip encoded alone are those of the run where the device, the runtime and the " +
    "audio are the same: a very small rate comes from another device, a larger one from audio " +
    "that has changed, or from a fault",
};

/** What can be done about problems of these kinds. */
export function adviceFor(problems: readonly Problem[]): string[] {
  return [...new Set(problems.map(({ kind }) => ADVICE[kind]))];
}
