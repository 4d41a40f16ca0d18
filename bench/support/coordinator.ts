/**
 * A coordinator in a process of its own, so that its memory and its start can be measured.
 *
 * `plan`: plans a manifest and ends. `lease`: goes on with a run until the first lease is handed
 * to a worker, and ends. Prints one `Milestone`.
 *
 * @module
 */
import { encodeJob } from "../../lib/encode_job.ts";
import { type EngineOptions, runEngine } from "../../lib/run/engine.ts";
import { jsonlSource } from "../../lib/sources/jsonl.ts";
import { openSource } from "../../lib/sources/open.ts";
import { engineOptions } from "./engine_options.ts";
import { cpuSeconds, peakMemory } from "./process_figures.ts";

/** How far the coordinator came. */
export interface Milestone {
  /** Since the process was started. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The most memory it held, in bytes. */
  readonly peakMemory: number;
}

/** The options of a run of the bundled codec over a JSONL manifest, or a Parquet file. */
export async function manifestRun(
  manifest: string,
  directory: string,
): Promise<EngineOptions> {
  const source = manifest.endsWith(".parquet")
    ? await openSource({ input: manifest, inputFormat: "parquet" })
    : jsonlSource({ path: manifest });
  const job = await encodeJob({ source, codec: "bundled", constants: [] });
  const options = engineOptions(directory, { job, workers: 1 });
  return { ...options, plan: { ...options.plan, valRatio: 0.01 } };
}

/**
 * Runs this module as a process.
 *
 * @throws {Error} If it prints no milestone.
 */
export async function coordinate(
  goal: "plan" | "lease",
  manifest: string,
  directory: string,
): Promise<Milestone> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", import.meta.url, goal, manifest, directory],
    stderr: "inherit",
  });
  const { stdout, code } = await command.output();
  if (stdout.length === 0) {
    throw new Error(`Cannot measure: the coordinator ended with code ${code}`);
  }
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function main([goal, manifest = "", directory = ""]: readonly string[]): Promise<void> {
  for await (const event of runEngine(await manifestRun(manifest, directory))) {
    if (event.type !== (goal === "plan" ? "planned" : "lease")) continue;
    const seconds = performance.now() / 1000;
    console.log(JSON.stringify(
      {
        ...{ seconds, cpuSeconds: cpuSeconds().own, peakMemory: peakMemory() },
      } satisfies Milestone,
    ));
    // Whatever worker there is by now ends with its coordinator.
    Deno.exit(0);
  }
}

if (import.meta.main) await main(Deno.args);
