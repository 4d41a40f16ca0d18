/**
 * `deno run -A bench/engine_bundled.ts`: what the engine costs where the model is light.
 *
 * The bundled codec, several hundred times as fast as real time. The engine with one worker has
 * one thread that decodes and one that runs the model, so it is held against the slower of a bare
 * loop that decodes and a bare loop that encodes prepared clips, each on one thread. The engine
 * with two workers has four such threads. On a machine of two cores they share them, so it is
 * told what part it reaches of a bare loop in which two threads decode and encode in turn.
 */
import { encodeJob } from "../lib/encode_job.ts";
import { BareLoop } from "./support/bare_loop.ts";
import { check, tell, title } from "./support/floors.ts";
import { measureRun } from "./support/measured_run.ts";
import { cpuSeconds } from "./support/process_figures.ts";
import { inTurns, median, medianRatio } from "./support/repeats.ts";
import { CLIPS, repeatedFiles } from "./support/speech.ts";

const TURNS = Number(Deno.args[0] ?? 3);
const TIMES = 30;
const CODEC = "bundled";

const job = await encodeJob({
  source: repeatedFiles(CLIPS, TIMES),
  codec: CODEC,
  constants: [],
});
const cpu: { bare: number[]; engine: number[] } = { bare: [], engine: [] };
const engine = (workers: number) => async () => {
  const run = await measureRun({ job, workers });
  if (workers === 2) cpu.engine.push((run.coordinatorCpu + run.workersCpu) / run.audioSeconds);
  return run.audioSeconds / run.seconds;
};
const bothLoops = async () => {
  const before = cpuSeconds().own;
  const { rate, seconds } = await both.measure(TIMES);
  cpu.bare.push((cpuSeconds().own - before) / seconds);
  return rate;
};
const one = { codec: CODEC, files: CLIPS, threads: 1 };
using decoding = await BareLoop.start({ ...one, work: "decode" });
using encoding = await BareLoop.start({ ...one, work: "encode" });

title("engine against bare loops, bundled codec");
using both = await BareLoop.start({ ...one, threads: 2, work: "both" });
const values = await inTurns(TURNS, [
  () => decoding.audioRate(TIMES),
  () => encoding.audioRate(TIMES),
  engine(1),
  bothLoops,
  engine(2),
]);
const [decode = [], encode = [], single = [], two = [], double = []] = values;
const slower = decode.map((rate, turn) => Math.min(rate, encode[turn] ?? NaN));
tell("bare decoding, 1 thread", median(decode), "audio s/s");
tell("bare encoding, 1 thread", median(encode), "audio s/s");
tell("engine, cpu:1", median(single), "audio s/s");
tell("bare decoding and encoding, 2 threads", median(two), "audio s/s");
tell("engine, cpu:2", median(double), "audio s/s");
check({
  name: "engine cpu:1 of the slower bare loop",
  ...{ value: 100 * medianRatio(single, slower), unit: "%", bound: 85 },
});
tell("engine cpu:2 of the bare loop with 2 threads", 100 * medianRatio(double, two), "%");
tell(
  "CPU time of coordinator and workers over that of the bare loop with 2 threads",
  100 * (medianRatio(cpu.engine, cpu.bare) - 1),
  "% more",
);
