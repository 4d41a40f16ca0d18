/**
 * `deno run -A bench/hub_stream.ts [turns] [times]`: what it costs that a dataset lies on the Hub.
 *
 * The 32 LJSpeech clips as FLAC, 20 times over, in a Parquet file on a Hub on loopback. First its row
 * groups are brought and dropped, one after another and four at once. Then a run of the bundled codec
 * with one worker streams them, in turns with one that reads the file itself, and every 20
 * milliseconds it is looked up how much of the disk the row groups take. The Hub shares the cores.
 */
import { join } from "node:path";
import { encodeJob } from "../lib/encode_job.ts";
import { openParquet } from "../lib/parquet/open.ts";
import { openFileBuffer } from "../lib/parquet/file_buffer.ts";
import { rowGroupRanges } from "../lib/parquet/ranges.ts";
import { openHubDataset } from "../lib/sources/hub_dataset.ts";
import { openSource } from "../lib/sources/open.ts";
import type { Source } from "../lib/sources/source.ts";
import { check, tell, title } from "./support/floors.ts";
import { DATASET, startHub } from "./support/hub_of_files.ts";
import { measureRun } from "./support/measured_run.ts";
import { cpuSeconds } from "./support/process_figures.ts";
import { inTurns, median, medianRatio } from "./support/repeats.ts";
import { writeContainers } from "./support/speech_containers.ts";
import { temporaryFolder } from "./support/temporary_folder.ts";

const TURNS = Number(Deno.args[0] ?? 3);
const TIMES = Number(Deno.args[1] ?? 20);
/** What a run with one worker keeps: see `Session`. */
const KEPT_BLOCKS = 3;

using folder = temporaryFolder();
const { parquet } = await writeContainers(folder.path, TIMES);
const groupBytes = await largestGroup(parquet);
await using hub = await startHub([parquet]);
const blocks = join(folder.path, "blocks");
let opened = 0;

for (const atOnce of [1, 4]) {
  title(`bringing row groups of ${(groupBytes / 1e6).toFixed(1)} MB, ${atOnce} at once`);
  const source = await openStreamed();
  const paths = [...new Set(await audioPaths(source))];
  const [cpu, clock] = [cpuSeconds().own, performance.now()];
  let bytes = 0;
  for (let start = 0; start < paths.length; start += atOnce) {
    await Promise.all(
      paths.slice(start, start + atOnce).map(async (path) => {
        await source.blocks?.bring(path, new AbortController().signal, 0);
        bytes += allocated(path);
        await source.blocks?.drop(path, 0);
      }),
    );
  }
  tell("by the clock", bytes / 1e3 / (performance.now() - clock), "MB/s");
  tell("CPU time of whoever brings them", bytes / 1e6 / (cpuSeconds().own - cpu), "MB per CPU s");
}

title("runs of the bundled codec, one worker");
let most = 0;
const local = await openSource({ input: parquet, inputFormat: "parquet" });
const [fromFile = [], fromHub = []] = await inTurns(TURNS, [
  () => rateOf(local),
  async () => {
    const watch = setInterval(() => most = Math.max(most, allocatedBelow(blocks)), 20);
    try {
      return await rateOf(await openStreamed());
    } finally {
      clearInterval(watch);
    }
  },
]);
tell("from the file", median(fromFile), "audio s/s");
tell("streamed", median(fromHub), "audio s/s");
const ratio = 100 * medianRatio(fromHub, fromFile);
check({ name: "streamed, of from the file", value: ratio, unit: "%", bound: 85 });
const [size, bound] = [Deno.statSync(parquet).size / 1e6, KEPT_BLOCKS * groupBytes / 1e6];
tell("size of the dataset", size, "MB");
check({
  ...{ name: "disk that row groups took at most", value: most / 1e6, unit: "MB" },
  // A file system gives whole pages, and the footer lies in each.
  ...{ bound: 1.1 * bound, lowIsGood: true },
});

/** A source that has nothing yet. */
function openStreamed(): Promise<Source> {
  const variables = new Map([["HF_ENDPOINT", hub.endpoint], [
    "HF_HOME",
    join(folder.path, "home"),
  ]]);
  return openHubDataset({
    ...{ id: DATASET, mode: "stream", cacheFolder: join(blocks, String(opened++)) },
    rows: { columns: null, where: {}, idPrefix: DATASET, audioRoot: [] },
    hub: { environment: (name) => variables.get(name) },
  });
}

async function rateOf(source: Source): Promise<number> {
  const job = await encodeJob({ source, codec: "bundled", constants: [] });
  const run = await measureRun({ job, workers: 1, haveContainers: true });
  return run.audioSeconds / run.seconds;
}

async function audioPaths(source: Source): Promise<string[]> {
  const items = await Array.fromAsync(source.list());
  return items.flatMap((item) => item.kind === "sample" ? [item.sample.audio ?? ""] : []);
}

async function largestGroup(path: string): Promise<number> {
  using buffer = openFileBuffer(path);
  const file = await openParquet(buffer, path);
  const sizes = file.rowGroups.map((group) =>
    rowGroupRanges(file, group, ["audio"]).reduce((sum, { start, end }) => sum + end - start, 0)
  );
  return Math.max(...sizes);
}

/** Bytes on the disk; a block is a sparse file. */
function allocated(path: string): number {
  return 512 * (Deno.statSync(path).blocks ?? NaN);
}

function allocatedBelow(path: string): number {
  let sum = 0;
  try {
    for (const { name, isDirectory } of Deno.readDirSync(path)) {
      const inner = join(path, name);
      sum += isDirectory ? allocatedBelow(inner) : allocated(inner);
    }
  } catch (error) {
    // It may be dropped while it is looked at, or not be there yet.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return sum;
}
