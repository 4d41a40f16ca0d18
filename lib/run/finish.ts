/**
 * The files that describe a run, written when it ends and whenever it stops.
 *
 * @module
 */
import { join } from "node:path";
import { type FileSystem, publishFile } from "../fs.ts";
import { VERSION } from "../version.ts";
import type { Job, Json } from "./job.ts";
import type { Ledger } from "./ledger.ts";
import type { RunPaths } from "./run_directory.ts";
import { SPLITS } from "./schema.ts";
import type { Summary } from "./summary.ts";

/** What the closing files are made from. */
export interface FinishOptions {
  readonly fs: FileSystem;
  readonly paths: RunPaths;
  readonly ledger: Ledger;
  readonly job: Job;
  readonly summary: Summary;
  readonly configDigest: string;
  /** Figures of this session, for `stats.json` alone: they differ from run to run. */
  readonly session: { readonly [key: string]: Json };
}

/** Writes `manifest.json`, `stats.json`, `failed.jsonl`, the dataset card and the job's own files. */
export function writeClosingFiles(options: FinishOptions): void {
  const { fs, paths, job, summary } = options;
  publishFile(fs, paths.failed, failedLines(options.ledger));
  publishFile(fs, paths.stats, json({ ...summary, session: options.session }));
  publishFile(
    fs,
    paths.card,
    job.card({
      ...summary,
      hours: summary.audioSeconds / 3600,
      splits: summary.splits,
    }),
  );
  for (const { name, content } of job.extraFiles?.() ?? []) {
    publishFile(fs, join(paths.directory, name), content);
  }
  publishFile(fs, paths.manifest, json(manifest(options)));
}

function manifest(options: FinishOptions): Json {
  const { job, summary, ledger } = options;
  const files = ledger.all<
    { path: string; split: number; rows: number; bytes: number; sha256: string }
  >(
    "SELECT path, split, rows, bytes, sha256 FROM shard WHERE sealed = 1 AND path IS NOT NULL ORDER BY shard",
  );
  const { samples, done, quarantined, filtered, finished } = summary;
  return {
    speechmill: VERSION,
    finished,
    config_digest: options.configDigest,
    model: job.model,
    ...(job.layout === undefined ? {} : { layout: job.layout }),
    columns: job.columns.map((column) => ({ ...column })),
    samples: { planned: samples, done, quarantined, filtered },
    files: files.map(({ split, ...file }) => ({
      ...file,
      split: SPLITS[split] ?? null,
    })),
  };
}

/** Lines of `failed.jsonl` that are written together. */
const LINES = 1000;

/** One line a quarantined sample, in the order of the plan, then the lines that are no sample. */
function* failedLines(ledger: Ledger): Generator<string> {
  yield* joinedLines(ledger.iterate(
    `SELECT id, place, audio, stage, reason, detail, attempts
       FROM failure JOIN sample USING (idx) ORDER BY idx`,
  ));
  yield* joinedLines(ledger.iterate(
    `SELECT id, place, NULL AS audio, 'plan' AS stage, 'malformed_line' AS reason, detail, 1 AS attempts
       FROM reject ORDER BY seq`,
  ));
}

function* joinedLines(rows: Iterable<unknown>): Generator<string> {
  const lines: string[] = [];
  for (const row of rows) {
    lines.push(`${JSON.stringify(row)}\n`);
    if (lines.length === LINES) yield lines.splice(0).join("");
  }
  if (lines.length > 0) yield lines.join("");
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
