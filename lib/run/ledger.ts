/**
 * The run's database. The coordinator is its only writer; workers read the plan from it.
 *
 * @module
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { RunConflictError } from "../errors.ts";
import { LEDGER_VERSION, TABLES } from "./schema.ts";

/** How to open a ledger. */
export interface LedgerOptions {
  /** Open for reading alone, beside a coordinator that writes. @default {false} */
  readonly readOnly?: boolean;
  /**
   * Rollback journal with full sync instead of the write-ahead log, which needs memory shared
   * between processes and so cannot work on a network file system. @default {false}
   */
  readonly networkFileSystem?: boolean;
}

/** A row of a query. */
export type Row = Record<string, SQLInputValue>;

/** An opened ledger: prepared statements, transactions and the `meta` table. */
export class Ledger implements Disposable {
  readonly path: string;
  #database: DatabaseSync;
  #statements = new Map<string, StatementSync>();

  private constructor(path: string, database: DatabaseSync) {
    this.path = path;
    this.#database = database;
  }

  /** Makes a new, empty ledger. */
  static create(path: string, options: LedgerOptions = {}): Ledger {
    const ledger = new Ledger(path, connect(path, options));
    ledger.transaction(() => {
      ledger.#database.exec(TABLES);
      ledger.setMeta("ledger_version", String(LEDGER_VERSION));
    });
    return ledger;
  }

  /**
   * Opens an existing ledger.
   *
   * @throws {RunConflictError} If it was written by another version of its tables, or has none.
   */
  static open(path: string, options: LedgerOptions = {}): Ledger {
    const ledger = Ledger.openIfMade(path, options);
    if (ledger !== null) return ledger;
    throw new RunConflictError(`Cannot open the ledger '${path}': it is empty`);
  }

  /** As `open`; null for a ledger whose making was interrupted, so that it has no tables. */
  static openIfMade(path: string, options: LedgerOptions = {}): Ledger | null {
    const ledger = new Ledger(path, connect(path, options));
    if (ledger.get("SELECT 1 FROM sqlite_schema WHERE name = 'meta'") === undefined) {
      ledger[Symbol.dispose]();
      return null;
    }
    const version = ledger.meta("ledger_version");
    if (version === String(LEDGER_VERSION)) return ledger;
    ledger[Symbol.dispose]();
    throw new RunConflictError(
      `Cannot open the ledger '${path}': it has version ${version}, this program reads ${LEDGER_VERSION}: ` +
        "finish the run with the version of speechmill that began it",
    );
  }

  /** Every row of a query. Statements are prepared once. */
  all<T = Row>(sql: string, ...values: SQLInputValue[]): T[] {
    return this.#prepare(sql).all(...values) as T[];
  }

  /** The first row of a query. */
  get<T = Row>(sql: string, ...values: SQLInputValue[]): T | undefined {
    return this.#prepare(sql).get(...values) as T | undefined;
  }

  /** The rows of a query, one by one. */
  iterate<T = Row>(
    sql: string,
    ...values: SQLInputValue[]
  ): IterableIterator<T> {
    // Not from the cache: two iterations of one statement would share its cursor.
    return this.#database.prepare(sql).iterate(...values) as IterableIterator<
      T
    >;
  }

  /** Runs a statement that changes rows; how many it changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  /** Runs SQL without values: several statements, or a pragma. */
  exec(sql: string): void {
    this.#database.exec(sql);
  }

  /** All of `body`, or nothing. */
  transaction<T>(body: () => T): T {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const value = body();
      this.#database.exec("COMMIT");
      return value;
    } catch (error) {
      try {
        this.#database.exec("ROLLBACK");
      } catch {
        // SQLite has rolled back by itself, as it does when the disk is full.
      }
      throw error;
    }
  }

  meta(key: string): string | undefined {
    return this.get<{ value: string }>(
      "SELECT value FROM meta WHERE key = ?",
      key,
    )?.value;
  }

  setMeta(key: string, value: string): void {
    this.run(
      "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      key,
      value,
    );
  }

  [Symbol.dispose](): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function connect(path: string, options: LedgerOptions): DatabaseSync {
  const database = new DatabaseSync(path, {
    readOnly: options.readOnly ?? false,
    timeout: 10_000,
  });
  if (options.readOnly) return database;
  database.exec(
    options.networkFileSystem
      ? "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL"
      : "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL",
  );
  // 64 MiB of pages: the id index of millions of samples is visited in random order.
  database.exec("PRAGMA cache_size = -65536");
  return database;
}
