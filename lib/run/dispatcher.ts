/**
 * Which samples a worker is given next.
 *
 * Shards are taken in order, so that they can be sealed in order; within a shard the longest
 * come first, equal padded lengths beside each other, so that a lease makes full batches.
 *
 * @module
 */
import type { Ledger } from "./ledger.ts";

/** A sample that may be leased. */
export interface PendingSample {
  readonly idx: number;
  /** Seconds of audio; a guess where the plan does not know, 0 for text alone. */
  readonly seconds: number;
}

/** Samples to hand out together. */
export interface Grant {
  readonly samples: readonly PendingSample[];
  /** Suspects are given to a worker that holds nothing else, so that its death tells something. */
  readonly suspect: boolean;
}

/** How large a grant may be. */
export interface GrantSize {
  readonly seconds: number;
  readonly samples: number;
}

/** What an unprobed clip is taken for, in seconds, until it is decoded. */
const GUESSED_SECONDS = 10;

/** Hands out the pending samples of a run, each to one worker at a time. */
export class Dispatcher {
  #ledger: Ledger;
  #queue: PendingSample[] = [];
  #next = 0;
  #lastShard = -1;
  #returned: PendingSample[] = [];
  #suspects: PendingSample[][] = [];
  #unleased: number;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.#unleased = ledger.get<{ n: number }>(
      "SELECT COUNT(*) AS n FROM sample WHERE state = 0",
    )?.n ?? 0;
  }

  /** Pending samples that no worker holds. */
  get unleased(): number {
    return this.#unleased;
  }

  /** Whether some are suspected of having killed a worker. */
  get hasSuspects(): boolean {
    return this.#suspects.length > 0;
  }

  /**
   * The next samples, at least one; null if none is to be had now.
   *
   * @param alone Whether the worker holds nothing: only then does it get suspects.
   */
  next(size: GrantSize, alone: boolean): Grant | null {
    if (alone) {
      const group = this.#suspects.pop();
      if (group !== undefined) {
        this.#unleased -= group.length;
        return { samples: group, suspect: true };
      }
    }
    const samples: PendingSample[] = [];
    let seconds = 0;
    while (samples.length < size.samples) {
      const sample = this.#peek();
      if (sample === undefined) break;
      if (samples.length > 0 && seconds + sample.seconds > size.seconds) break;
      this.#take();
      samples.push(sample);
      seconds += sample.seconds;
    }
    if (samples.length === 0) return null;
    this.#unleased -= samples.length;
    return { samples, suspect: false };
  }

  /** Takes samples back, to be leased again. */
  giveBack(samples: readonly PendingSample[]): void {
    this.#returned.push(...samples);
    this.#unleased += samples.length;
  }

  /**
   * Takes back samples of which one may have killed its worker: they are leased by themselves, the
   * last group first. So one bad sample is found before the next is looked for, and the good ones
   * between them show that the device works.
   */
  suspect(group: readonly PendingSample[]): void {
    if (group.length === 0) return;
    this.#suspects.push([...group]);
    this.#unleased += group.length;
  }

  #peek(): PendingSample | undefined {
    const returned = this.#returned.at(-1);
    if (returned !== undefined) return returned;
    if (this.#next >= this.#queue.length) this.#loadShard();
    return this.#queue[this.#next];
  }

  #take(): void {
    if (this.#returned.length > 0) this.#returned.pop();
    else this.#next++;
  }

  #loadShard(): void {
    this.#next = 0;
    this.#queue = [];
    const shard = this.#ledger.get<{ shard: number }>(
      "SELECT shard FROM sample WHERE state = 0 AND shard > ? ORDER BY shard LIMIT 1",
      this.#lastShard,
    )?.shard;
    if (shard === undefined) return;
    this.#lastShard = shard;
    this.#queue = this.#ledger.all<{ idx: number; seconds: number }>(
      `SELECT idx, COALESCE(duration, CASE WHEN audio IS NULL THEN 0 ELSE ${GUESSED_SECONDS} END) AS seconds
         FROM sample WHERE state = 0 AND shard = ? ORDER BY length DESC, idx`,
      shard,
    ).map(({ idx, seconds }) => ({ idx, seconds }));
  }
}
