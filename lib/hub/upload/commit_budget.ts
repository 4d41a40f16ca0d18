/**
 * How often commits are made: the Hub allows 128 an hour for a repository, whoever makes them.
 *
 * @module
 */

const HOUR = 3_600_000;
const PER_HOUR = 60;

/** Counts the commits of the last hour. */
export class CommitBudget {
  readonly #now: () => number;
  readonly #perHour: number;
  #times: number[] = [];

  /** @param now Milliseconds. */
  constructor(now: () => number, perHour = PER_HOUR) {
    this.#now = now;
    this.#perHour = perHour;
  }

  /** Milliseconds until a commit may be made. */
  pause(): number {
    const begin = this.#now() - HOUR;
    this.#times = this.#times.filter((time) => time > begin);
    const oldest = this.#times[this.#times.length - this.#perHour];
    return oldest === undefined ? 0 : oldest - begin;
  }

  /** A commit is being made. */
  spend(): void {
    this.#times.push(this.#now());
  }
}
