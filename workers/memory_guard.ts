/**
 * How large a batch may be: halved when memory runs out, grown back when it held.
 *
 * @module
 */

/** Successes in a row after which a size is doubled again. */
const GROW_AFTER = 20;

/** The largest batch that is tried. */
export class MemoryGuard {
  #limit = Infinity;
  #successes = 0;

  /** Pieces that may go into the next batch. */
  get limit(): number {
    return this.#limit;
  }

  /** A batch of this size held. */
  held(size: number): void {
    if (this.#limit === Infinity || size < this.#limit) return;
    if (++this.#successes < GROW_AFTER) return;
    this.#successes = 0;
    this.#limit *= 2;
  }

  /**
   * A batch of this size did not fit; the size to try next, or null if one piece alone did not,
   * which says something about that piece, and nothing about batches of shorter ones.
   */
  halve(size: number): number | null {
    if (size <= 1) return null;
    this.#successes = 0;
    this.#limit = Math.min(this.#limit, Math.floor(size / 2));
    return this.#limit;
  }
}
