/**
 * The plan, as a worker sees it: samples by index.
 *
 * @module
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { LeasedSample } from "./stage.ts";

/** Reads samples from the ledger, which the coordinator goes on writing. */
export class PlanReader implements Disposable {
  #database: DatabaseSync;
  #statement: StatementSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path, { readOnly: true, timeout: 30_000 });
    this.#statement = this.#database.prepare(
      `SELECT idx, id, audio, part, text, start, end, size, mtime,
          min_seconds AS minSeconds, max_seconds AS maxSeconds
        FROM sample LEFT JOIN origin ON origin.n = sample.origin WHERE idx = ?`,
    );
  }

  /**
   * The samples of a lease, in one transaction: outside of one, SQLite locks the file and looks
   * for new pages of the coordinator's at every single sample.
   *
   * @throws {RangeError} If the plan has no such sample.
   */
  read(indices: readonly number[]): LeasedSample[] {
    this.#database.exec("BEGIN");
    try {
      return indices.map((idx) => this.#readOne(idx));
    } finally {
      this.#database.exec("COMMIT");
    }
  }

  #readOne(idx: number): LeasedSample {
    const row = this.#statement.get(idx);
    if (row === undefined) {
      throw new RangeError(`Cannot find sample ${idx}: the plan does not have it`);
    }
    return row as unknown as LeasedSample;
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
