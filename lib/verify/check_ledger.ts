/**
 * Checks the ledger: its pages, and that its figures add up.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import type { Ledger } from "../run/ledger.ts";
import { STATE } from "../run/schema.ts";
import { summarize } from "../run/summary.ts";
import type { Problem } from "./report.ts";

/** The path that problems of the ledger are told under. */
export const LEDGER_FILE = ".speechmill/ledger.db";
/** Damaged pages that are named. */
const MAX_DAMAGES = 5;

/** What is wrong with the ledger, and whether it can be relied on for the other checks. */
export function checkLedger(ledger: Ledger): { usable: boolean; problems: Problem[] } {
  const problem = (problem: string): Problem => ({ kind: "ledger", file: LEDGER_FILE, problem });
  try {
    const damages = damagesOf(ledger).map(problem);
    if (damages.length > 0) return { usable: false, problems: damages };
    return { usable: true, problems: sums(ledger).map(problem) };
  } catch (error) {
    return { usable: false, problems: [problem(`it cannot be read: ${messageOf(error)}`)] };
  }
}

function damagesOf(ledger: Ledger): string[] {
  return ledger.all<{ quick_check: string }>(`PRAGMA quick_check(${MAX_DAMAGES})`)
    .map((row) => row.quick_check)
    .filter((line) => line !== "ok")
    .map((line) => `SQLite finds it damaged: ${line}`);
}

function sums(ledger: Ledger): string[] {
  const planned = Number(ledger.meta("planned"));
  const rows = ledger.all<{ state: number; n: number }>(
    "SELECT state, COUNT(*) AS n FROM sample GROUP BY state",
  );
  const counted = new Map(rows.map(({ state, n }) => [state, n]));
  const samples = rows.reduce((sum, { n }) => sum + n, 0);
  const expected = [
    ["quarantined", counted.get(STATE.quarantined) ?? 0, count(ledger, "failure")],
    ["filtered", counted.get(STATE.filtered) ?? 0, count(ledger, "filtered")],
    ["done", counted.get(STATE.done) ?? 0, count(ledger, "result") + sealedRows(ledger)],
  ] as const;
  return [
    ...(samples === planned ? [] : [`it holds ${samples} samples, ${planned} were planned`]),
    ...expected.flatMap(([state, marked, kept]) =>
      marked === kept ? [] : [`it marks ${marked} samples as ${state} and keeps ${kept} of them`]
    ),
  ];
}

/** Whether every sample has an outcome and every shard is sealed. */
export function isFinished(ledger: Ledger): boolean {
  return summarize(ledger).finished;
}

function sealedRows(ledger: Ledger): number {
  return ledger.get<{ n: number }>("SELECT TOTAL(rows) AS n FROM shard WHERE sealed = 1")?.n ?? 0;
}

function count(ledger: Ledger, table: "failure" | "filtered" | "result"): number {
  return ledger.get<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`)?.n ?? 0;
}
