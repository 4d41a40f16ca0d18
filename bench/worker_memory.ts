/**
 * `deno run -A bench/worker_memory.ts`: whether a worker's memory grows with the clips it has done.
 *
 * Some 15,000 clips, digits of half a second and sentences of up to ten, through one worker with
 * the bundled codec; its resident memory as its heartbeats tell it. Every shard holds all lengths.
 * Allocators take some thousand clips to settle. A clip that was not given back would add about
 * 100 MB for 1,000 clips.
 */
import { fileURLToPath } from "node:url";
import { encodeJob } from "../lib/encode_job.ts";
import { check, tell, title } from "./support/floors.ts";
import { measureRun } from "./support/measured_run.ts";
import { median } from "./support/repeats.ts";
import { CLIPS, repeatedFiles } from "./support/speech.ts";

const DIGITS = fileURLToPath(new URL("../tests/data/fsdd/", import.meta.url));
const TIMES = 18;

const digits = [...Deno.readDirSync(DIGITS)].map(({ name }) => name)
  .filter((name) => name.endsWith(".wav")).sort().map((name) => DIGITS + name);
const files = [...digits, ...Array.from({ length: 8 }, () => CLIPS).flat()];
const job = await encodeJob({
  source: repeatedFiles(files, TIMES),
  codec: "bundled",
  constants: [],
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
const [first, settled, last] = [between(0, 1), between(7, 9), between(TIMES - 2, TIMES)];
const thousands = (TIMES - 9) * files.length / 1000;
tell("resident over the first 856 clips", first, "MB");
tell("resident after some 7,000 clips", settled, "MB");
tell("resident at the end", last, "MB");
check({
  ...{ name: "growth after it settled", value: (last - settled) / thousands, bound: 10 },
  ...{ unit: "MB for 1,000 clips", lowIsGood: true },
});
