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
import { inTurns, median } from "./support/repeats.ts";
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
    constants: {},
  });
  const engine = async () => {
    const { audioSeconds, seconds } = await measureRun({ job, workers, batchSeconds: 1 });
    return audioSeconds / seconds;
  };
  using loop = await BareLoop.start({
    ...{ work: "encode", codec: folder.path, files: CLIPS, threads: workers },
  });
  const [bare = [], run = []] = await inTurns(TURNS, [() => loop.audioRate(times), engine]);
  tell(`bare loop, ${workers} threads`, median(bare), "audio s/s");
  tell(`engine, cpu:${workers}`, median(run), "audio s/s");
  check({
    name: `engine cpu:${workers} of a bare loop with ${workers} threads`,
    ...{ value: 100 * median(run) / median(bare), unit: "%", bound: 95 },
  });
}
