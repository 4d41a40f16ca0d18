/**
 * Whether a worker has grown so much that a fresh one is better: native libraries leak a little,
 * and runs take days.
 *
 * @module
 */

/** Answers after which a worker has seen most shapes, so that its memory has settled. */
const SETTLED_AFTER = 1000;
/** Growth beyond what it settled at, in bytes. */
const MAX_GROWTH = 1024 ** 3;

/** Watches the resident memory of one process. */
export class Wear {
  #answers = 0;
  #resident = 0;
  #settled: number | null = null;

  /** The worker answered a sample. */
  answered(): void {
    this.#answers++;
  }

  /** The worker told its resident memory, in bytes. */
  measured(resident: number): void {
    this.#resident = resident;
    if (this.#answers >= SETTLED_AFTER) this.#settled ??= resident;
  }

  /** Whether it should be replaced as soon as it holds nothing. */
  get isOut(): boolean {
    return this.#settled !== null && this.#resident > this.#settled + MAX_GROWTH;
  }
}
