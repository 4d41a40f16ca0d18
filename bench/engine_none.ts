/**
 * `deno run -A bench/engine_none.ts`: how many results a second the engine itself can take.
 *
 * The stage `none` in a real worker process answers without doing anything. What is left is the
 * engine: leases out, answers in as JSON lines, checked, recorded in the ledger, sealed.
 */
import { check, tell, title } from "./support/floors.ts";
import { nothingJob } from "./support/jobs.ts";
import { measureRun } from "./support/measured_run.ts";
import { inTurns, median } from "./support/repeats.ts";
import { texts } from "./support/speech.ts";

const TURNS = Number(Deno.args[0] ?? 3);
const SAMPLES = 300_000;

title("stage `none` through one worker process");
const cpu: number[] = [];
const worker: number[] = [];
const [rates = []] = await inTurns(TURNS, [async () => {
  const figures = await measureRun({
    ...{ job: nothingJob(texts(SAMPLES)), workers: 1, shardSize: 10_000 },
  });
  cpu.push(1e6 * figures.coordinatorCpu / figures.samples);
  worker.push(1e6 * figures.workersCpu / figures.samples);
  return figures.samples / figures.seconds;
}]);
check({
  name: "results recorded and sealed",
  ...{ value: median(rates), unit: "results/s", bound: 20_000 },
});
tell("CPU time of the coordinator", median(cpu), "µs a result");
tell("CPU time of the worker", median(worker), "µs a result");
