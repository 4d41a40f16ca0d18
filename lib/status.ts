/**
 * How a run stands, read from its folder alone, while it goes on or after it ended.
 *
 * @module
 */
import { SpeechmillError } from "./errors.ts";
import { openLedger } from "./reading/open_ledger.ts";
import type { Progress } from "./run/events.ts";
import type { Ledger } from "./run/ledger.ts";
import { lastProgress } from "./run/last_progress.ts";
import { lockOwner } from "./run/lock_owner.ts";
import { requireRun, type RunPaths, runPaths } from "./run/run_directory.ts";
import { summarize, type Summary } from "./run/summary.ts";

/** What speech was lost to one cause. */
export interface FailureGroup {
  readonly reason: string;
  readonly count: number;
  /** A few of them, the first in the plan. */
  readonly examples: readonly {
    /** Null for a line that has no id. */
    readonly id: string | null;
    readonly place: string;
    readonly detail: string;
  }[];
}

/** How a run stands. */
export interface RunStatus {
  /** Absolute path of the run directory. */
  readonly directory: string;
  /** `running`: a process works in it; `stopped`: it can be resumed; `finished`: nothing is left. */
  readonly state: "running" | "stopped" | "finished";
  /** The process that works in it, `process 4711 on host`; null if none does. */
  readonly owner: string | null;
  readonly summary: Summary;
  /** The last progress in the event log, with its time; null if there is none yet. */
  readonly progress: (Progress & { readonly at: string }) | null;
  /** The last session's figures; null until one has ended. */
  readonly session: { readonly wallSeconds: number; readonly audioSeconds: number } | null;
  /** Quarantined samples by reason, the most frequent first. */
  readonly failures: readonly FailureGroup[];
}

const EXAMPLES = 3;

/**
 * Reads how a run stands. Takes nothing from it: the ledger is opened read-only, beside the
 * process that writes it.
 *
 * @throws {UsageError} If the folder holds no run.
 */
export function runStatus(directory: string): RunStatus {
  requireRun(directory);
  const paths = runPaths(directory);
  const owner = lockOwner(paths.lock);
  using ledger = openPlannedLedger(directory);
  const summary = summarize(ledger);
  return {
    directory: paths.directory,
    state: owner !== null ? "running" : summary.finished ? "finished" : "stopped",
    owner,
    summary,
    progress: lastProgress(paths.events),
    session: lastSession(paths),
    failures: failureGroups(ledger),
  };
}

function openPlannedLedger(directory: string): Ledger {
  const ledger = openLedger(directory);
  if (ledger !== null) return ledger;
  throw new SpeechmillError(
    `Cannot read the run '${directory}': its ledger is gone: ` +
      "its files are whole, see 'manifest.json'; they can be verified and decoded without it",
  );
}

/** Figures of the session that wrote `stats.json` last. */
export function lastSession(paths: RunPaths): RunStatus["session"] {
  let stats: unknown;
  try {
    stats = JSON.parse(Deno.readTextFileSync(paths.stats));
  } catch {
    // A run that was killed before it first stopped has none.
    return null;
  }
  const session = fieldOf(stats, "session");
  const wallSeconds = fieldOf(session, "wallSeconds");
  const audioSeconds = fieldOf(session, "audioSeconds");
  if (typeof wallSeconds !== "number" || typeof audioSeconds !== "number") return null;
  return { wallSeconds, audioSeconds };
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

function failureGroups(ledger: Ledger): FailureGroup[] {
  const counts = ledger.all<{ reason: string; n: number }>(
    "SELECT reason, COUNT(*) AS n FROM failure GROUP BY reason",
  );
  const groups = counts.map(({ reason, n }): FailureGroup => ({
    reason,
    count: n,
    examples: ledger.all(
      `SELECT id, place, detail FROM failure JOIN sample USING (idx)
        WHERE reason = ? ORDER BY idx LIMIT ${EXAMPLES}`,
      reason,
    ),
  }));
  return [...groups, ...rejectedLines(ledger)].sort((a, b) =>
    b.count - a.count || (a.reason < b.reason ? -1 : 1)
  );
}

/** Lines of the input that are no sample. */
function rejectedLines(ledger: Ledger): FailureGroup[] {
  const count = ledger.get<{ n: number }>("SELECT COUNT(*) AS n FROM reject")?.n ?? 0;
  if (count === 0) return [];
  return [{
    reason: "malformed_line",
    count,
    examples: ledger.all(
      `SELECT id, place, detail FROM reject ORDER BY seq LIMIT ${EXAMPLES}`,
    ),
  }];
}
