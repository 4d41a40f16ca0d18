/**
 * The blocks of a plan, gathered while it is made.
 *
 * @module
 */
import type { Ledger } from "./ledger.ts";

interface PlannedBlock {
  readonly origin: number;
  readonly first: number;
  last: number;
}

/** Files of deferred samples, in the order of their first sample; thousands of samples are in each. */
export class PlannedBlocks {
  #byPath = new Map<string, PlannedBlock>();

  /** Counts a sample into its file. */
  count(path: string, origin: number, idx: number): void {
    const block = this.#byPath.get(path);
    if (block === undefined) this.#byPath.set(path, { origin, first: idx, last: idx });
    else block.last = idx;
  }

  /** Writes them into the table `block`. */
  write(ledger: Ledger): void {
    for (const [path, { origin, first, last }] of this.#byPath) {
      ledger.run(
        "INSERT INTO block (path, origin, first, last) VALUES (?, ?, ?, ?)",
        ...[path, origin, first, last],
      );
    }
  }
}
