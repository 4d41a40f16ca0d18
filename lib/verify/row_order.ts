/**
 * Whether the rows of a file are those that were planned into it, in that order, each once.
 *
 * @module
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Ledger } from "../run/ledger.ts";
import { STATE } from "../run/schema.ts";

/** Follows the rows of one file. */
export interface FileOrder {
  /** What is wrong with a row of this id standing next, a clause; null if nothing is. */
  next(id: string): string | null;
  /** What is missing at the end of the file; null if nothing is. */
  end(): string | null;
}

/** Knows which rows belong into which file. */
export interface RowOrder extends Disposable {
  ofFile(path: string): FileOrder;
}

/** The order that the ledger's plan gives. Memory: the ids of one file. */
export function plannedOrder(ledger: Ledger): RowOrder {
  return {
    ofFile: (path) => new PlannedFileOrder(ledger, path),
    [Symbol.dispose]: () => {},
  };
}

/** Without a ledger only this can be said: whether an id stands twice. The ids are kept on disk. */
export function uniqueIds(): RowOrder {
  // The empty name is a temporary database in a file that vanishes with it.
  const database = new DatabaseSync("");
  database.exec(
    "PRAGMA journal_mode = OFF; CREATE TABLE seen (id TEXT PRIMARY KEY) WITHOUT ROWID; BEGIN",
  );
  const insert = database.prepare("INSERT OR IGNORE INTO seen VALUES (?)");
  return {
    ofFile: () => new UniqueOrder(insert),
    [Symbol.dispose]: () => database.close(),
  };
}

class UniqueOrder implements FileOrder {
  readonly #insert: StatementSync;

  constructor(insert: StatementSync) {
    this.#insert = insert;
  }

  next(id: string): string | null {
    return this.#insert.run(id).changes === 0 ? "an earlier row has the same id" : null;
  }

  end(): null {
    return null;
  }
}

class PlannedFileOrder implements FileOrder {
  readonly #ledger: Ledger;
  readonly #shard: number;
  readonly #ids: readonly string[];
  #at = 0;

  constructor(ledger: Ledger, path: string) {
    this.#ledger = ledger;
    const shard = ledger.get<{ shard: number; first: number; last: number }>(
      "SELECT shard, first, last FROM shard WHERE path = ?",
      path,
    );
    this.#shard = shard?.shard ?? -1;
    this.#ids = ledger.all<{ id: string }>(
      "SELECT id FROM sample WHERE idx BETWEEN ? AND ? AND shard = ? AND state = ? ORDER BY idx",
      ...[shard?.first ?? 0, shard?.last ?? -1, this.#shard, STATE.done],
    ).map(({ id }) => id);
  }

  next(id: string): string | null {
    const expected = this.#ids[this.#at];
    if (id === expected) {
      this.#at++;
      return null;
    }
    const ahead = this.#ids.indexOf(id, this.#at);
    if (ahead === -1) return this.#whyNotHere(id);
    const skipped = ahead - this.#at;
    this.#at = ahead + 1;
    return `the row of '${expected}'${
      skipped > 1 ? ` and ${skipped - 1} more` : ""
    } is missing before it`;
  }

  end(): string | null {
    const left = this.#ids.length - this.#at;
    if (left === 0) return null;
    const more = left > 1 ? ` and ${left - 1} more` : "";
    return `the row of '${this.#ids[this.#at]}'${more} is missing at its end`;
  }

  #whyNotHere(id: string): string {
    const sample = this.#ledger.get<{ shard: number; state: number; path: string | null }>(
      "SELECT sample.shard, state, path FROM sample LEFT JOIN shard USING (shard) WHERE id = ?",
      id,
    );
    if (sample === undefined) return "the plan has no such id";
    if (sample.state !== STATE.done) return "the ledger has no result for it";
    if (sample.shard === this.#shard) return "it stands twice, or too late";
    return `it belongs into ${
      sample.path === null ? "a shard not yet sealed" : `'${sample.path}'`
    }`;
  }
}
