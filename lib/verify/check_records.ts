/**
 * Checks what describes a run, its manifest and `failed.jsonl`, against each other and the ledger.
 *
 * @module
 */
import { join } from "node:path";
import { messageOf } from "../errors.ts";
import { readLines } from "../protocol/lines.ts";
import { sealedFiles } from "../reading/ledger_index.ts";
import type { RunFile, RunManifest } from "../reading/manifest.ts";
import type { Ledger } from "../run/ledger.ts";
import { summarize, type Summary } from "../run/summary.ts";
import { shardFolder } from "../shards/registry.ts";
import type { Problem } from "./report.ts";

const MANIFEST = "manifest.json";
const FAILED = "failed.jsonl";

/** What a file of a run must be called. */
const FILE_NAME = /^(train|validation)-\d{5,}-of-\d{5,}\./;
/** What a file, or the folder of one, may be called while a run is not finished. */
const UNSEALED_NAME = /^(train|validation)-\d{5,}-of-\d{5,}(\.|$)/;

/** What is wrong with the manifest. While a run is not finished it may lag behind the ledger. */
export function checkManifest(manifest: RunManifest, ledger: Ledger | null): Problem[] {
  const problems = [
    ...misnamed(manifest.files),
    ...(ledger === null ? [] : againstLedger(manifest, sealedFiles(ledger), summarize(ledger))),
  ];
  if (manifest.finished) {
    const rows = manifest.files.reduce((sum, file) => sum + file.rows, 0);
    const { done } = manifest.samples;
    if (rows !== done) {
      problems.push(`it counts ${done} samples as done, its files have ${rows} rows`);
    }
  }
  return problems.map((problem) => ({ kind: "record", file: MANIFEST, problem }));
}

function misnamed(files: readonly RunFile[]): string[] {
  return files.flatMap(({ path, split }) =>
    FILE_NAME.exec(path.slice("data/".length))?.[1] === split
      ? []
      : [`it lists '${path}' under the split ${split}`]
  );
}

function againstLedger(
  manifest: RunManifest,
  sealed: readonly RunFile[],
  summary: Summary,
): string[] {
  const byPath = new Map(sealed.map((file) => [file.path, file]));
  const wrong = manifest.files.flatMap((file) => {
    const known = byPath.get(file.path);
    if (known === undefined) return [`it lists '${file.path}', which the ledger did not seal`];
    const names = (["split", "rows", "bytes", "sha256"] as const)
      .filter((name) => known[name] !== file[name]);
    return names.map((name) =>
      `it gives '${file.path}' the ${name} ${file[name]}, the ledger ${known[name]}`
    );
  });
  if (!manifest.finished) return wrong;
  const listed = new Set(manifest.files.map(({ path }) => path));
  const unlisted = sealed.filter(({ path }) => !listed.has(path))
    .map(({ path }) => `it does not list '${path}', which the ledger sealed`);
  const { planned, done, quarantined, filtered } = manifest.samples;
  const counts: readonly (readonly [string, number, number])[] = [
    ["planned", planned, summary.samples],
    ["done", done, summary.done],
    ["quarantined", quarantined, summary.quarantined],
    ["filtered", filtered, summary.filtered],
  ];
  const miscounted = counts.flatMap(([name, here, there]) =>
    here === there ? [] : [`it counts ${here} samples as ${name}, the ledger ${there}`]
  );
  return [...wrong, ...unlisted, ...miscounted];
}

/**
 * What is wrong with `failed.jsonl`, and with the sum of all outcomes: every planned sample is
 * done, quarantined or filtered. Lines that are no sample are quarantined and were never planned.
 */
export async function checkFailed(directory: string, manifest: RunManifest): Promise<Problem[]> {
  const problem = (file: string, problem: string): Problem => ({
    kind: "record",
    file,
    problem,
  });
  const counted = await countFailed(join(directory, FAILED));
  if (typeof counted === "string") return [problem(FAILED, counted)];
  const { planned, done, quarantined, filtered } = manifest.samples;
  // A session that was killed has written one of the two and not the other.
  if (!manifest.finished) return [];
  const problems: Problem[] = [];
  if (counted.lines !== quarantined) {
    const found = `it has ${counted.lines} lines, the manifest counts ${quarantined} quarantined`;
    problems.push(problem(FAILED, found));
  }
  const outcomes = done + quarantined - counted.rejected + filtered;
  if (outcomes !== planned) {
    const found =
      `it counts ${planned} samples planned and ${outcomes} done, quarantined or filtered`;
    problems.push(problem(MANIFEST, found));
  }
  return problems;
}

async function countFailed(path: string): Promise<{ lines: number; rejected: number } | string> {
  let lines = 0;
  let rejected = 0;
  try {
    const file = await Deno.open(path);
    for await (const batch of readLines(file.readable)) {
      for (const line of batch) {
        lines++;
        const { stage, reason } = JSON.parse(line);
        if (stage === "plan" && reason === "malformed_line") rejected++;
      }
    }
    return { lines, rejected };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "it is missing";
    return `line ${lines} cannot be read: ${messageOf(error)}`;
  }
}

/**
 * What lies in `data/` that the run did not seal. A run that is not finished may have some in the
 * making: `resume` removes them or writes them again.
 *
 * @param names The files found there, listed before `sealed` was: what is sealed meanwhile is no stray.
 */
export function checkStrays(
  names: readonly string[],
  sealed: readonly RunFile[],
  finished: boolean,
): Problem[] {
  const known = new Set(sealed.flatMap(({ path }) => [path, shardFolder(path)]));
  return names.map((name) => `data/${name}`)
    .filter((path) => !known.has(path))
    .filter((path) => finished || !UNSEALED_NAME.test(path.slice("data/".length)))
    .map((file) => ({ kind: "stray", file, problem: "the run did not seal this file" }));
}

/** The names in `data/`, sorted. */
export async function dataNames(directory: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(join(directory, "data")));
    return entries.map(({ name }) => name).sort();
  } catch (error) {
    // Each missing file is told under its own name.
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
