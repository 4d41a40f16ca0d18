/**
 * Events that come by the million, summed up for the log.
 *
 * @module
 */
import type { RunEvent } from "./events.ts";

type Batch = Extract<RunEvent, { type: "batch" }>;
type Lease = Extract<RunEvent, { type: "lease" }>;

/** What a worker was given and did since the last line. */
export interface WorkerTally {
  readonly type: "work";
  readonly worker: string;
  leases: number;
  leasedSamples: number;
  batches: number;
  /** Pieces in all batches, and in the largest. */
  pieces: number;
  largestBatch: number;
  paddedSeconds: number;
  milliseconds: number;
  halvings: number;
}

/** Sums by worker. */
export class EventTally {
  #workers = new Map<string, WorkerTally>();

  /** Counts an event; whether it needs no line of its own. */
  count(event: RunEvent): boolean {
    if (event.type === "batch") this.#countBatch(event);
    // Suspects are rare, and tell how a bad sample was found.
    else if (event.type === "lease" && !event.suspect) this.#countLease(event);
    else return false;
    return true;
  }

  /** The sums so far, which begin anew. */
  take(): WorkerTally[] {
    const tallies = [...this.#workers.values()];
    this.#workers.clear();
    return tallies;
  }

  #countBatch({ worker, size, paddedSeconds, milliseconds, halvings }: Batch): void {
    const tally = this.#of(worker);
    tally.batches++;
    tally.pieces += size;
    tally.largestBatch = Math.max(tally.largestBatch, size);
    tally.paddedSeconds += paddedSeconds;
    tally.milliseconds += milliseconds;
    tally.halvings += halvings;
  }

  #countLease({ worker, samples }: Lease): void {
    const tally = this.#of(worker);
    tally.leases++;
    tally.leasedSamples += samples;
  }

  #of(worker: string): WorkerTally {
    let tally = this.#workers.get(worker);
    if (tally === undefined) {
      tally = {
        ...{ type: "work", worker, leases: 0, leasedSamples: 0, batches: 0, pieces: 0 },
        ...{ largestBatch: 0, paddedSeconds: 0, milliseconds: 0, halvings: 0 },
      };
      this.#workers.set(worker, tally);
    }
    return tally;
  }
}
