/** Runs the engine over a test job and gathers what it says. */
import { join } from "node:path";
import type { Device } from "../../lib/devices.ts";
import { type EngineOptions, runEngine } from "../../lib/run/engine.ts";
import type { RunEvent } from "../../lib/run/events.ts";
import { runPaths } from "../../lib/run/run_directory.ts";
import type { Summary } from "../../lib/run/summary.ts";
import { jsonlGz, readJsonlGz } from "../../lib/shards/jsonl_gz.ts";
import type { SourceSample } from "../../lib/sources/source.ts";
import { listSource, manySamples } from "./list_source.ts";
import { answerAll, scriptedSpawner } from "./scripted_worker.ts";
import { testJob } from "./test_job.ts";

export { temporaryDirectory } from "./temporary_directory.ts";

/** What a test may set; the rest is a small run on one scripted worker. */
export type RunSetup = Partial<Omit<EngineOptions, "plan">> & {
  readonly samples?: readonly SourceSample[];
  readonly workers?: number;
  readonly plan?: Partial<EngineOptions["plan"]>;
};

/** What a run came to. */
export interface RunOutcome {
  readonly events: readonly RunEvent[];
  readonly summary: Summary;
}

/** The engine's options for a test run in this directory. */
export function engineOptions(directory: string, setup: RunSetup = {}): EngineOptions {
  const { samples = manySamples(10), workers = 1, plan, ...rest } = setup;
  const device: Device = { provider: "cpu", cuda: null, feeders: 1 };
  return {
    job: testJob(listSource(samples)),
    paths: runPaths(directory),
    plan: {
      ...{ valRatio: 0.2, splitBy: "id", shardSize: 3, maxSamples: null },
      ...{ minSeconds: null, maxSeconds: null },
      ...plan,
    },
    settings: { shard_size: 3 },
    config: {},
    devices: Array.from({ length: workers }, () => device),
    limits: {
      batch_seconds: 1,
      window_seconds: 0,
      queue_seconds: 1,
      min_seconds: null,
      max_seconds: null,
    },
    maxRetries: 2,
    stallSeconds: 60,
    format: jsonlGz(),
    spawner: scriptedSpawner(answerAll),
    ...rest,
  };
}

/** Runs to the end. */
export async function runOnce(directory: string, setup: RunSetup = {}): Promise<RunOutcome> {
  const events: RunEvent[] = [];
  for await (const event of runEngine(engineOptions(directory, setup))) events.push(event);
  const last = events.at(-1);
  if (last?.type !== "finished") throw new Error(`The run ended with the event '${last?.type}'`);
  return { events, summary: last.summary };
}

/** Names and bytes of the published files, and the manifest's list of them. */
export function publishedBytes(directory: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of filesIn(join(directory, "data"))) {
    files[name] = Deno.readFileSync(join(directory, "data", name)).toHex();
  }
  const manifest = JSON.parse(Deno.readTextFileSync(join(directory, "manifest.json")));
  files["manifest"] = JSON.stringify(manifest.files);
  return Object.fromEntries(Object.entries(files).sort(([a], [b]) => a < b ? -1 : 1));
}

/** Paths in a folder and below it. */
function filesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesIn(join(folder, name)).map((path) => join(name, path)) : [name]
  );
}

/** Every published row, file by file. */
export async function publishedRows(directory: string): Promise<Record<string, unknown>[]> {
  const names = [...Deno.readDirSync(join(directory, "data"))].map(({ name }) => name).sort();
  const rows: Record<string, unknown>[] = [];
  for (const name of names) {
    for await (const row of readJsonlGz(join(directory, "data", name))) rows.push(row);
  }
  return rows;
}
