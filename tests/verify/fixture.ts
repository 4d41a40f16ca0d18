/** Runs that are damaged on purpose, and what `verifyRun()` says of them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gunzipSync, gzipSync } from "node:zlib";
import { type VerifyOptions, type VerifyReport, verifyRun } from "../../lib/verify.ts";
import type { SmallRun } from "../support/small_run.ts";

/** The first two data files of a run of `smallRun()`. */
export const FIRST = "data/train-00000-of-00004.jsonl.gz";
export const SECOND = "data/train-00001-of-00004.jsonl.gz";

/** The report on a run. */
export async function verify(run: SmallRun, options?: VerifyOptions): Promise<VerifyReport> {
  for await (const event of verifyRun(run.directory, { threads: 1, ...options })) {
    if (event.type === "finished") return event.report;
  }
  throw new Error("the last event is missing");
}

/** Every problem on a line, for matching. */
export async function problemsOf(run: SmallRun, options?: VerifyOptions): Promise<string[]> {
  const { problems, ok, advice } = await verify(run, options);
  assert.equal(ok, problems.length === 0);
  assert.equal(advice.length > 0, !ok);
  return problems.map(({ kind, file, row, id, problem }) =>
    [kind, file, ...(row === undefined ? [] : [row]), ...(id === undefined ? [] : [id]), problem]
      .join(" ")
  );
}

/** A row as it stands in a file. */
export type Row = Record<string, unknown>;

/** Writes a data file anew with other rows. */
export function rewrite(run: SmallRun, path: string, change: (rows: Row[]) => Row[]): void {
  const file = join(run.directory, path);
  const lines = gunzipSync(Deno.readFileSync(file)).toString().trimEnd().split("\n");
  const rows = change(lines.map((line) => JSON.parse(line)));
  Deno.writeFileSync(file, gzipSync(rows.map((row) => `${JSON.stringify(row)}\n`).join("")));
}

/** Changes the text of `manifest.json`. */
export function editManifest(run: SmallRun, from: string | RegExp, to: string): void {
  const text = Deno.readTextFileSync(run.paths.manifest);
  const edited = text.replace(from, to);
  assert.notEqual(edited, text);
  Deno.writeTextFileSync(run.paths.manifest, edited);
}

/** Changes the ledger behind the run's back. */
export function editLedger(run: SmallRun, sql: string): void {
  const database = new DatabaseSync(run.paths.ledger);
  database.exec(sql);
  database.close();
}

/** The row problems after a change that is not a matter of bytes. */
export async function rowProblems(
  run: SmallRun,
  change: (rows: Row[]) => Row[],
): Promise<string[]> {
  rewrite(run, FIRST, change);
  return (await problemsOf(run)).filter((line) => line.startsWith("row "));
}

/** A row with other codes in its second layer. */
export function withCodes(row: Row, change: (codes: number[]) => number[]): Row {
  const codes = row["bundled_layer_2"];
  assert.ok(Array.isArray(codes));
  return { ...row, bundled_layer_2: change(codes) };
}
