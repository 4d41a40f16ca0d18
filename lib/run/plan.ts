/**
 * Planning: the source's samples into the ledger, each with its split, position and shard.
 * Once planned, nothing about a run's content depends on time or on the number of workers.
 *
 * @module
 */
import type { DurationLimits } from "../audio/limits.ts";
import { UsageError } from "../errors.ts";
import type { Source } from "../sources/source.ts";
import { storeLeaseOrder } from "./lease_queue.ts";
import type { Ledger } from "./ledger.ts";
import { Planner } from "./planner.ts";
import { INDICES } from "./schema.ts";

/** What of the config decides the plan. */
export interface PlanOptions extends DurationLimits {
  /** Share of samples in validation, 0 to 1. */
  readonly valRatio: number;
  /** What the split is made by. */
  readonly splitBy: "id" | "speaker" | "text";
  /** Samples a shard. */
  readonly shardSize: number;
  /** Stop listing after this many samples; null for all. */
  readonly maxSamples: number | null;
  /**
   * Limits of the run's datasets by their origin, in place of the run's own; null in one of them
   * leaves the run's own. @default {[]}
   */
  readonly origins?: readonly DurationLimits[];
  /** Padded length of so many seconds in units of the stage's own; 0 if it does not matter. */
  readonly lengthOf: (seconds: number) => number;
  /** Called now and then with the number of samples listed so far. */
  readonly onListed?: (count: number) => void;
  /** Aborted to give planning up. */
  readonly signal?: AbortSignal;
}

/**
 * Writes the plan of a run into its empty ledger, and marks it planned.
 *
 * @returns Whether it came to its end; false if `signal` was aborted.
 * @throws {UsageError} If an id occurs twice, a sample lacks what the split is made by, or column
 *   filters leave nothing at all.
 */
export async function planRun(
  ledger: Ledger,
  source: Source,
  options: PlanOptions,
): Promise<boolean> {
  const planner = new Planner(ledger, options);
  // Until the plan is marked as such nobody relies on it, so it need not survive a power cut.
  const synchronous = ledger.get<{ synchronous: number }>("PRAGMA synchronous")?.synchronous ?? 2;
  ledger.exec("PRAGMA synchronous = OFF; BEGIN");
  try {
    for await (const item of source.list()) {
      if (options.signal?.aborted) {
        ledger.exec("ROLLBACK");
        return false;
      }
      if (options.maxSamples !== null && planner.count >= options.maxSamples) {
        break;
      }
      planner.take(item);
    }
    checkFilters(planner);
    planner.finish();
    ledger.exec("COMMIT");
    indexPlan(ledger);
  } catch (error) {
    try {
      ledger.exec("ROLLBACK");
    } catch { /* No transaction is open when building the indices failed. */ }
    throw error;
  }
  ledger.exec("PRAGMA synchronous = FULL");
  ledger.setMeta("planned_seconds", String(planner.seconds));
  ledger.setMeta("excluded", String(planner.excluded));
  storeLeaseOrder(ledger, source);
  // The plan reaches the disk before the mark that says so.
  ledger.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  ledger.setMeta("planned", String(planner.count));
  ledger.exec(`PRAGMA wal_checkpoint(TRUNCATE); PRAGMA synchronous = ${synchronous}`);
  return true;
}

/** Whether `planRun` came to its end on this ledger. */
export function isPlanned(ledger: Ledger): boolean {
  return ledger.meta("planned") !== undefined;
}

/** A run without a sample is finished at once: where a filter is the reason, that is a slip. */
function checkFilters({ count, excluded, rejected }: Planner): void {
  if (count > 0 || rejected > 0 || excluded === 0) return;
  throw new UsageError(
    `Cannot plan a run: the column filters leave no sample (${excluded} rows excluded)`,
  );
}

function indexPlan(ledger: Ledger): void {
  const twice = "SELECT id FROM sample GROUP BY id HAVING COUNT(*) > 1 LIMIT 1";
  try {
    ledger.exec(INDICES);
  } catch (error) {
    const duplicate = ledger.get<{ id: string }>(twice);
    if (duplicate === undefined) throw error;
    const places = ledger.all<{ place: string }>(
      "SELECT place FROM sample WHERE id = ? LIMIT 2",
      duplicate.id,
    );
    const named = places.map((row) => `'${row.place}'`).join(" and ");
    // Rows of files of rows have a number to be called by.
    const areRows = places.every(({ place }) => / row \d+$/.test(place));
    throw new UsageError(
      `Cannot plan the run: the id '${duplicate.id}' stands at ${named}: give every sample an id of ` +
        `its own${areRows ? ", or number the rows with --columns id=" : ""}`,
    );
  }
}
