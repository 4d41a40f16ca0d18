/**
 * What the ledger knows of a run's rows: where each lies, and why one is missing.
 *
 * @module
 */
import type { Ledger } from "../run/ledger.ts";
import { SPLITS, STATE } from "../run/schema.ts";
import { nearest } from "../nearest.ts";
import type { RunFile } from "./manifest.ts";

/** Ids looked at, on each side of a mistyped one in alphabetical order. */
const NEIGHBOURS = 200;

interface SampleRow {
  readonly idx: number;
  readonly shard: number;
  readonly state: number;
}

/** The data files that are sealed, in the order of the plan. */
export function sealedFiles(ledger: Ledger): RunFile[] {
  const files = ledger.all<Omit<RunFile, "split"> & { split: number }>(
    "SELECT path, split, rows, bytes, sha256 FROM shard WHERE sealed = 1 AND path IS NOT NULL ORDER BY shard",
  );
  return files.map((file) => ({ ...file, split: SPLITS[file.split] ?? "train" }));
}

/** The file that holds the row of an id, relative to the run directory; null if none does. */
export function pathOf(ledger: Ledger, id: string): string | null {
  const sample = sampleOf(ledger, id);
  if (sample?.state !== STATE.done) return null;
  return ledger.get<{ path: string | null }>(
    "SELECT path FROM shard WHERE shard = ? AND sealed = 1",
    sample.shard,
  )?.path ?? null;
}

/** How many rows stand before that of an id in its file. */
export function positionOf(ledger: Ledger, id: string): number {
  const sql = `SELECT COUNT(*) AS n FROM sample AS this JOIN shard USING (shard)
    JOIN sample AS other ON other.idx >= shard.first AND other.idx < this.idx
   WHERE this.id = ? AND other.shard = this.shard AND other.state = ${STATE.done}`;
  return ledger.get<{ n: number }>(sql, id)?.n ?? 0;
}

/** Why no sealed file holds a row of this id: a clause for a message. */
export function whyMissing(ledger: Ledger, id: string): string {
  const sample = sampleOf(ledger, id);
  if (sample === undefined) {
    const near = nearest(id, neighbours(ledger, id));
    return `the run has no such id${near === null ? "" : `, did you mean '${near}'`}`;
  }
  switch (sample.state) {
    case STATE.quarantined: {
      const failure = ledger.get<{ reason: string; detail: string }>(
        "SELECT reason, detail FROM failure WHERE idx = ?",
        sample.idx,
      );
      return `it was quarantined as ${failure?.reason}: ${failure?.detail}`;
    }
    case STATE.filtered: {
      const filter = ledger.get<{ reason: string }>(
        "SELECT reason FROM filtered WHERE idx = ?",
        sample.idx,
      );
      return `it was filtered as ${filter?.reason}`;
    }
    case STATE.done:
      return "its shard is not sealed yet: 'speechmill resume' goes on with the run";
    default:
      return "it is not encoded yet: 'speechmill resume' goes on with the run";
  }
}

function sampleOf(ledger: Ledger, id: string): SampleRow | undefined {
  return ledger.get<SampleRow>("SELECT idx, shard, state FROM sample WHERE id = ?", id);
}

/** Ids that begin like this one: the index finds them without a look at the others. */
function neighbours(ledger: Ledger, id: string): string[] {
  const before = ledger.all<{ id: string }>(
    `SELECT id FROM sample WHERE id < ? ORDER BY id DESC LIMIT ${NEIGHBOURS}`,
    id,
  );
  const after = ledger.all<{ id: string }>(
    `SELECT id FROM sample WHERE id > ? ORDER BY id LIMIT ${NEIGHBOURS}`,
    id,
  );
  return [...before, ...after].map((row) => row.id);
}
