/**
 * `deno run -A bench/engine_heavy.ts`: what the engine costs where the model dominates.
 *
 * A codec with seeded weights that runs about 20 times as fast as real time on one core. The
 * engine's audio seconds a second, with one worker and with two, against a bare loop over the
 * same codec with as many threads of one session each, clip by clip. The engine reads and decodes
 * its clips, talks, records and seals; the loop's clips are prepared before its clock starts. The
 * engine's clock runs from the last worker's `ready`, when models are loaded, to the last shard
 * sealed. Both batch nothing, so that the model does the same work.
 */
import { encodeJob } from "../lib/encode_job.ts";
import { writeHeavyCodec } from "./graphs/heavy_codec.ts";
import { BareLoop } from "./support/bare_loop.ts";
import { check, tell, title } from "./support/floors.ts";
import { measureRun } from "./support/measured_run.ts";
import { cpuSeconds } from "./support/process_figures.ts";
import { inTurns, median, medianRatio } from "./support/repeats.ts";
import { CLIPS, repeatedFiles } from "./support/speech.ts";
import { temporaryFolder } from "./support/temporary_folder.ts";

const TURNS = Number(Deno.args[0] ?? 3);

using folder = temporaryFolder();
await writeHeavyCodec(folder.path);
title("engine against a bare loop, heavy codec");
for (const workers of [1, 2]) {
  const times = 2 * workers;
  const job = await encodeJob({
    source: repeatedFiles(CLIPS, times),
    codec: folder.path,
    constants: [],
  });
  const cpu: { bare: number[]; engine: number[] } = { bare: [], engine: [] };
  const engine = async () => {
    const run = await measureRun({ job, workers, batchSeconds: 1 });
    cpu.engine.push((run.coordinatorCpu + run.workersCpu) / run.audioSeconds);
    return run.audioSeconds / run.seconds;
  };
  using loop = await BareLoop.start({
    ...{ work: "encode", codec: folder.path, files: CLIPS, threads: workers },
  });
  const alone = async () => {
    const before = cpuSeconds().own;
    const { rate, seconds } = await loop.measure(times);
    cpu.bare.push((cpuSeconds().own - before) / seconds);
    return rate;
  };
  const [bare = [], run = []] = await inTurns(TURNS, [alone, engine]);
  tell(`bare loop, ${workers} threads`, median(bare), "audio s/s");
  tell(`engine, cpu:${workers}`, median(run), "audio s/s");
  check({
    name: `engine cpu:${workers} of a bare loop with ${workers} threads`,
    ...{ value: 100 * medianRatio(run, bare), unit: "%", bound: 95 },
  });
  // Unlike the clock, it hardly sees what else the machine does.
  tell(
    "CPU time of coordinator and workers over that of the loop",
    100 * (medianRatio(cpu.engine, cpu.bare) - 1),
    "% more",
  );
}
