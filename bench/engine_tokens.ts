/**
 * `deno run -A bench/engine_tokens.ts`: what a result of ordinary size costs the coordinator.
 *
 * A worker answers at once with random tokens, four layers of 500, as ten seconds of speech have.
 * The coordinator reads, checks, records and seals them as rows of the bundled codec; two fifths
 * of its CPU time go into the compression of the shards.
 */
import { encodeJob } from "../lib/encode_job.ts";
import type { Job } from "../lib/run/job.ts";
import { tell, title } from "./support/floors.ts";
import { measureRun, type RunFigures } from "./support/measured_run.ts";
import { inTurns, median } from "./support/repeats.ts";
import { texts } from "./support/speech.ts";

const TURNS = Number(Deno.args[0] ?? 3);
const SAMPLES = 20_000;

const encode = await encodeJob({ source: texts(SAMPLES), codec: "bundled", constants: [] });
const { stage } = encode;
const job: Job = {
  ...encode,
  stage: { ...stage, settings: { ...stage.settings, model: stage.modelDigest } },
};
const program = new URL("./support/token_worker.ts", import.meta.url).href;

title("results of 4 x 500 tokens through one worker process");
const runs: RunFigures[] = [];
await inTurns(TURNS, [async () => {
  runs.push(await measureRun({ job, workers: 1, program }));
  return 0;
}]);
const cpu = median(runs.map((run) => 1000 * run.coordinatorCpu / run.samples));
tell(
  "results recorded and sealed",
  median(runs.map((run) => run.samples / run.seconds)),
  "results/s",
);
tell("CPU time of the coordinator for 1,000 results", cpu, "s");
tell("audio that one core of coordinator can take", 10 * 1000 / cpu, "audio s/s");
