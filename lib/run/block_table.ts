/**
 * The blocks of a run, as its ledger knows them.
 *
 * @module
 */
import { firstOpenIndex } from "./lease_queue.ts";
import type { Ledger } from "./ledger.ts";

/** A file that is brought here when its samples are due. */
export interface PlannedBlock {
  /** Its place among the blocks. */
  readonly n: number;
  readonly path: string;
  /** Which of the run's datasets it belongs to. */
  readonly origin: number;
  /** Lowest and highest index planned in it; others may lie between. */
  readonly first: number;
  readonly last: number;
}

const COLUMNS = "n, path, origin, first, last";

/** Reads the table `block`, and notes in it what is on the disk. */
export class BlockTable {
  #ledger: Ledger;
  #firstOpen: number;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.#firstOpen = firstOpenIndex(ledger);
  }

  /** Whether samples of the run are in blocks at all. */
  get isEmpty(): boolean {
    return this.#ledger.get("SELECT 1 FROM block LIMIT 1") === undefined;
  }

  find(path: string): PlannedBlock | undefined {
    return this.#ledger.get(`SELECT ${COLUMNS} FROM block WHERE path = ?`, path);
  }

  /** The next block in which samples may be pending. */
  after(n: number): PlannedBlock | undefined {
    return this.#ledger.get(
      `SELECT ${COLUMNS} FROM block WHERE n > ? AND last >= ? ORDER BY n LIMIT 1`,
      ...[n, this.#firstOpen],
    );
  }

  /** Blocks that an earlier session may have left on the disk. */
  leftHere(): PlannedBlock[] {
    return this.#ledger.all(`SELECT ${COLUMNS} FROM block WHERE here = 1 ORDER BY n`);
  }

  /** Notes that a block may be on the disk from now on, or that it is gone. */
  setHere({ n }: PlannedBlock, here: boolean): void {
    this.#ledger.run("UPDATE block SET here = ? WHERE n = ?", here ? 1 : 0, n);
  }

  /** Indices of its samples without an outcome. */
  pending({ path, first, last }: PlannedBlock): number[] {
    return this.#ledger.all<{ idx: number }>(
      `SELECT idx FROM sample NOT INDEXED
        WHERE idx BETWEEN ? AND ? AND state = 0 AND audio = ? AND size IS NULL ORDER BY idx`,
      ...[first, last, path],
    ).map(({ idx }) => idx);
  }
}
