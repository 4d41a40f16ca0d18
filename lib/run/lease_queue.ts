/**
 * The order in which samples are leased for the first time.
 *
 * Usually shard by shard, so that they can be sealed in order, and within a shard the longest
 * first, equal padded lengths beside each other, so that a lease makes full batches. Where samples
 * lie one after another in large files, in the order of the plan, whatever split or length they
 * have, so that every part of a file is read once.
 *
 * @module
 */
import type { Source } from "../sources/source.ts";
import type { PendingSample } from "./dispatcher.ts";
import type { Ledger } from "./ledger.ts";

/** What an unprobed clip is taken for, in seconds, until it is decoded. */
const GUESSED_SECONDS = 10;

const COLUMNS =
  `idx, COALESCE(duration, CASE WHEN audio IS NULL THEN 0 ELSE ${GUESSED_SECONDS} END) AS seconds,
   CASE WHEN size IS NULL THEN audio END AS block`;

/** Samples read from the ledger at a time, where they are leased in the order of the plan. */
const PAGE = 4096;

/** Keeps with the run in which order its samples are leased: a resumed one does the same. */
export function storeLeaseOrder(ledger: Ledger, source: Source): void {
  const inSequence = source.isSequential === true || source.blocks !== undefined;
  ledger.setMeta("lease_order", inSequence ? "plan" : "length");
}

/** The lowest index that may be pending: all samples of sealed shards have their outcome. */
export function firstOpenIndex(ledger: Ledger): number {
  const sql = "SELECT MIN(first) AS first FROM shard WHERE sealed = 0";
  return ledger.get<{ first: number | null }>(sql)?.first ?? 0;
}

/** Pending samples in their order; no more of them in memory than a page. */
export class LeaseQueue {
  #pages: Iterator<PendingSample[]>;
  #page: PendingSample[] = [];
  #next = 0;

  constructor(ledger: Ledger) {
    this.#pages = ledger.meta("lease_order") === "plan" ? pagesInSequence(ledger) : shards(ledger);
  }

  /** The next sample; undefined after the last one. */
  peek(): PendingSample | undefined {
    while (this.#next >= this.#page.length) {
      const { done, value } = this.#pages.next();
      if (done) return undefined;
      this.#page = value;
      this.#next = 0;
    }
    return this.#page[this.#next];
  }

  /** Takes the sample that `peek` gave. */
  take(): void {
    this.#next++;
  }

  /** Leaves out what was read of a block; what was not is no longer pending. */
  discard(block: string): void {
    this.#page = this.#page.slice(this.#next).filter((sample) => sample.block !== block);
    this.#next = 0;
  }
}

function* shards(ledger: Ledger): Generator<PendingSample[], undefined> {
  let last = -1;
  while (true) {
    const shard = ledger.get<{ shard: number }>(
      "SELECT shard FROM sample WHERE state = 0 AND shard > ? ORDER BY shard LIMIT 1",
      last,
    )?.shard;
    if (shard === undefined) return;
    last = shard;
    yield ledger.all<PendingSample>(
      `SELECT ${COLUMNS} FROM sample WHERE state = 0 AND shard = ? ORDER BY length DESC, idx`,
      shard,
    );
  }
}

function* pagesInSequence(ledger: Ledger): Generator<PendingSample[], undefined> {
  let from = firstOpenIndex(ledger);
  while (true) {
    // By the table itself: its index of pending samples is in another order.
    const page = ledger.all<PendingSample>(
      `SELECT ${COLUMNS} FROM sample NOT INDEXED
        WHERE idx >= ? AND state = 0 ORDER BY idx LIMIT ${PAGE}`,
      from,
    );
    const last = page.at(-1);
    if (last === undefined) return;
    from = last.idx + 1;
    yield page;
  }
}
