/**
 * `deno run -A bench/worker_memory.ts`: whether a worker's memory grows with the clips it has done.
 *
 * Some 5,000 clips, digits of half a second and sentences of up to ten, through one worker with
 * the bundled codec; its resident memory as its heartbeats tell it. A shard holds about a sixth of
 * them, each with all lengths, so that memory is at its level after the first.
 */
import { fileURLToPath } from "node:url";
import { encodeJob } from "../lib/encode_job.ts";
import { check, tell, title } from "./support/floors.ts";
import { measureRun } from "./support/measured_run.ts";
import { median } from "./support/repeats.ts";
import { CLIPS, repeatedFiles } from "./support/speech.ts";

const DIGITS = fileURLToPath(new URL("../tests/data/fsdd/", import.meta.url));
const TIMES = 6;

const digits = [...Deno.readDirSync(DIGITS)].map(({ name }) => name)
  .filter((name) => name.endsWith(".wav")).sort().map((name) => DIGITS + name);
const files = [...digits, ...Array.from({ length: 8 }, () => CLIPS).flat()];
const job = await encodeJob({
  source: repeatedFiles(files, TIMES),
  codec: "bundled",
  constants: {},
});

title(`memory of a worker over ${TIMES * files.length} clips`);
const seen: { readonly clips: number; readonly bytes: number }[] = [];
await measureRun({
  ...{ job, workers: 1, shardSize: files.length },
  onEvent: (event) => {
    const worker = event.type === "progress" ? event.workers[0] : undefined;
    if (worker?.state === "working") seen.push({ clips: worker.samples, bytes: worker.resident });
  },
});
const between = (from: number, to: number) =>
  median(
    seen.filter(({ clips }) => clips >= from * files.length && clips < to * files.length)
      .map(({ bytes }) => bytes / 1e6),
  );
const early = between(1, 2);
const late = between(TIMES - 1, TIMES);
tell("resident in the second sixth", early, "MB");
tell("resident in the last sixth", late, "MB");
tell("the most", Math.max(...seen.map(({ bytes }) => bytes / 1e6)), "MB");
check({ name: "growth", value: 100 * (late / early - 1), unit: "%", bound: 10, lowIsGood: true });
