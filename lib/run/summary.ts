/**
 * A run in figures, from its ledger.
 *
 * @module
 */
import type { Ledger } from "./ledger.ts";
import { SPLITS } from "./schema.ts";

/** Where a run stands, in figures. */
export interface Summary {
  /** Whether every sample has an outcome and every shard is sealed. */
  readonly finished: boolean;
  readonly samples: number;
  /** Seconds of audio in all samples, as far as the plan knew. */
  readonly plannedSeconds: number;
  readonly done: number;
  readonly quarantined: number;
  readonly filtered: number;
  /** Lines and files that are no sample; they are quarantined as well. */
  readonly rejected: number;
  /** Rows that a column filter left out; they were never planned. */
  readonly excluded: number;
  readonly pending: number;
  /** Seconds of audio in samples done. */
  readonly audioSeconds: number;
  /** Tokens in sealed shards. */
  readonly tokens: number;
  readonly shards: number;
  readonly shardsSealed: number;
  readonly bytes: number;
  readonly splits: readonly {
    readonly name: string;
    readonly planned: number;
    readonly rows: number;
  }[];
  /** Quarantined samples by reason, rejected lines as `malformed_line`. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Filtered samples by reason. */
  readonly filters: Readonly<Record<string, number>>;
}

const UNPLANNED: Summary = {
  ...{ finished: false, samples: 0, plannedSeconds: 0, done: 0, quarantined: 0, filtered: 0 },
  ...{
    rejected: 0,
    excluded: 0,
    pending: 0,
    audioSeconds: 0,
    tokens: 0,
    shards: 0,
    shardsSealed: 0,
    bytes: 0,
  },
  ...{ splits: [], reasons: {}, filters: {} },
};

/** Reads the figures of a run, without a look at every sample: it may be ten million. */
export function summarize(ledger: Ledger): Summary {
  const planned = ledger.meta("planned");
  // What an interrupted planning left is made anew, and counts for nothing.
  if (planned === undefined) return UNPLANNED;
  const samples = Number(planned);
  const pending = count(ledger, "sample WHERE state = 0");
  const failures = count(ledger, "failure");
  const filtered = count(ledger, "filtered");
  const rejected = count(ledger, "reject");
  const shards = ledger.all<
    {
      shards: number;
      sealed: number;
      tokens: number;
      seconds: number;
      bytes: number;
    }
  >(
    `SELECT COUNT(*) AS shards, TOTAL(sealed) AS sealed, TOTAL(tokens) AS tokens,
            TOTAL(seconds) AS seconds, TOTAL(bytes) AS bytes FROM shard`,
  )[0];
  const waiting = ledger.get<{ seconds: number }>(
    "SELECT TOTAL(seconds) AS seconds FROM result",
  )?.seconds ?? 0;
  const reasons = tally(
    ledger,
    "SELECT reason, COUNT(*) AS n FROM failure GROUP BY reason ORDER BY reason",
  );
  if (rejected > 0) {
    reasons["malformed_line"] = (reasons["malformed_line"] ?? 0) + rejected;
  }
  const sealed = shards?.sealed ?? 0;
  return {
    finished: pending === 0 && sealed === (shards?.shards ?? 0),
    samples,
    plannedSeconds: Number(ledger.meta("planned_seconds") ?? 0),
    done: samples - pending - failures - filtered,
    quarantined: failures + rejected,
    filtered,
    rejected,
    excluded: Number(ledger.meta("excluded") ?? 0),
    pending,
    audioSeconds: (shards?.seconds ?? 0) + waiting,
    tokens: shards?.tokens ?? 0,
    shards: shards?.shards ?? 0,
    shardsSealed: sealed,
    bytes: shards?.bytes ?? 0,
    splits: splits(ledger),
    reasons,
    filters: tally(
      ledger,
      "SELECT reason, COUNT(*) AS n FROM filtered GROUP BY reason ORDER BY reason",
    ),
  };
}

function splits(ledger: Ledger): Summary["splits"] {
  return ledger.all<{ split: number; planned: number; rows: number }>(
    "SELECT split, SUM(planned) AS planned, TOTAL(rows) AS rows FROM shard GROUP BY split ORDER BY split",
  ).map(({ split, planned, rows }) => ({
    name: SPLITS[split] ?? String(split),
    planned,
    rows,
  }));
}

function tally(ledger: Ledger, sql: string): Record<string, number> {
  return Object.fromEntries(
    ledger.all<{ reason: string; n: number }>(sql).map((
      { reason, n },
    ) => [reason, n]),
  );
}

function count(ledger: Ledger, rows: string): number {
  return ledger.get<{ n: number }>(`SELECT COUNT(*) AS n FROM ${rows}`)?.n ?? 0;
}
