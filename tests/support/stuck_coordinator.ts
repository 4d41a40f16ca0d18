/** A coordinator whose two workers are deep in a batch; prints their process ids. */
import { join } from "node:path";
import { runEngine } from "../../lib/run/engine.ts";
import { denoSpawner } from "../../lib/run/spawn_worker.ts";
import { listSource, sampleOf } from "./list_source.ts";
import { engineOptions } from "./run_once.ts";
import { TEST_MODEL, testJob } from "./test_job.ts";

const directory = Deno.args[0] ?? "";
const texts = ["ok", ...Array.from({ length: 20 }, () => "run for a minute")];
const base = testJob(listSource(texts.map((text, i) => sampleOf(`s${i}`, { text }))));
const job = { ...base, stage: { ...base.stage, name: "faulty", settings: { model: TEST_MODEL } } };
const program = new URL("./faulty_worker.ts", import.meta.url).href;
const spawner = denoSpawner({ logs: join(directory, ".speechmill", "logs"), program });

const pids: number[] = [];
const leased = new Set<string>();
let proven = false;
for await (const event of runEngine(engineOptions(directory, { job, spawner, workers: 2 }))) {
  if (event.type === "worker_started") pids.push(event.pid);
  // The first batch is the run's proof that the model works; what is leased after it gets stuck.
  if (event.type === "batch") proven = true;
  if (event.type === "lease" && proven) leased.add(event.worker);
  if (leased.size < 2) continue;
  // One heartbeat later the batch is in the model for certain.
  setTimeout(() => Deno.stdout.writeSync(new TextEncoder().encode(`${pids.join(" ")}\n`)), 1000);
  leased.clear();
}
