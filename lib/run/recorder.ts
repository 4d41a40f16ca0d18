/**
 * Answers into the ledger, many in one transaction.
 *
 * @module
 */
import type { FailureReason, FailureStage } from "../errors.ts";
import type { StageOutput } from "./job.ts";
import type { Ledger } from "./ledger.ts";
import { STATE } from "./schema.ts";

/** What became of a sample, to be recorded. */
export type Outcome =
  | {
    readonly kind: "done";
    readonly idx: number;
    readonly seconds: number;
    readonly output: StageOutput;
  }
  | {
    readonly kind: "quarantined";
    readonly idx: number;
    readonly stage: FailureStage;
    readonly reason: FailureReason;
    readonly detail: string;
    readonly attempts: number;
  }
  | {
    readonly kind: "filtered";
    readonly idx: number;
    readonly reason: "too_short" | "too_long";
  };

/** A sample whose outcome is now in the ledger. */
export interface Recorded {
  readonly outcome: Outcome;
  readonly id: string;
  readonly shard: number;
  /** The file that was brought here for it; null if there is none. */
  readonly block: string | null;
}

const SET_STATE = `UPDATE sample SET state = ? WHERE idx = ? AND state = 0
  RETURNING id, shard, CASE WHEN size IS NULL THEN audio END AS block`;

/** Gathers outcomes and writes them together. */
export class Recorder {
  #ledger: Ledger;
  #buffer: Outcome[] = [];

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Outcomes not yet written. */
  get buffered(): number {
    return this.#buffer.length;
  }

  add(outcome: Outcome): void {
    this.#buffer.push(outcome);
  }

  /**
   * Writes what was gathered, in one transaction, and returns what was new: an outcome for a
   * sample that has one already changes nothing.
   */
  flush(): Recorded[] {
    if (this.#buffer.length === 0) return [];
    const recorded = this.#ledger.transaction(() =>
      this.#buffer.flatMap((outcome) => this.#write(outcome))
    );
    this.#buffer = [];
    return recorded;
  }

  #write(outcome: Outcome): Recorded[] {
    const { idx } = outcome;
    const row = this.#ledger.get<Omit<Recorded, "outcome">>(SET_STATE, STATE[outcome.kind], idx);
    if (row === undefined) return [];
    switch (outcome.kind) {
      case "done": {
        const output = JSON.stringify(outcome.output);
        this.#ledger.run(
          "INSERT INTO result VALUES (?, ?, ?)",
          idx,
          outcome.seconds,
          output,
        );
        break;
      }
      case "quarantined": {
        const { stage, reason, detail, attempts } = outcome;
        this.#ledger.run(
          "INSERT INTO failure VALUES (?, ?, ?, ?, ?)",
          idx,
          stage,
          reason,
          detail,
          attempts,
        );
        break;
      }
      case "filtered":
        this.#ledger.run(
          "INSERT INTO filtered VALUES (?, ?)",
          idx,
          outcome.reason,
        );
    }
    return [{ outcome, ...row }];
  }
}

/** One try that did not succeed. */
export interface Attempt {
  readonly idx: number;
  readonly worker: string;
  readonly outcome: string;
  readonly detail: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Keeps a failed try; how many of its kind the sample now has. */
export function recordAttempt(ledger: Ledger, attempt: Attempt): number {
  const { idx, at, worker, outcome, detail } = attempt;
  ledger.run(
    "INSERT INTO attempt (idx, at, worker, outcome, detail) VALUES (?, ?, ?, ?, ?)",
    ...[idx, at, worker, outcome, detail],
  );
  return ledger.get<{ n: number }>(
    "SELECT COUNT(*) AS n FROM attempt WHERE idx = ? AND outcome = ?",
    idx,
    outcome,
  )?.n ?? 0;
}
