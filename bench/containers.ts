/**
 * `deno run -A bench/containers.ts [turns] [times]`: what it costs that clips lie in Parquet, in a
 * tar or in the Arrow files of `save_to_disk`, and not in a folder.
 *
 * The 32 LJSpeech clips as FLAC, 30 times over, are listed, decoded as a feeder decodes them, and
 * encoded by a whole run of the bundled codec with one worker. CPU time is that of the whole process.
 */
import { SampleAudio, type StoredAudio } from "../lib/audio/sample_audio.ts";
import { writePart } from "../lib/audio/part.ts";
import { encodeJob } from "../lib/encode_job.ts";
import { openSource } from "../lib/sources/open.ts";
import type { Source, SourceSample } from "../lib/sources/source.ts";
import { check, tell, title } from "./support/floors.ts";
import { measureRun } from "./support/measured_run.ts";
import { cpuSeconds } from "./support/process_figures.ts";
import { inTurns, median, medianRatio } from "./support/repeats.ts";
import { writeContainers } from "./support/speech_containers.ts";
import { temporaryFolder } from "./support/temporary_folder.ts";

const TURNS = Number(Deno.args[0] ?? 3);
const TIMES = Number(Deno.args[1] ?? 30);
const KINDS = ["folder", "parquet", "tar", "arrow"] as const;

using folder = temporaryFolder();
const paths = await writeContainers(folder.path, TIMES);
const cacheFolder = () => `${folder.path}/cache`;
const sources = new Map<string, Source>();
for (const kind of KINDS) {
  sources.set(kind, await openSource({ input: paths[kind], inputFormat: "auto", cacheFolder }));
}
const samples = new Map<string, SourceSample[]>();

title("listing: rows per CPU second");
await compare(async (kind, source) => {
  const before = cpuSeconds().own;
  const found: SourceSample[] = [];
  // A listing takes milliseconds, the clock of CPU time ticks every ten.
  for (let i = 0; i < 10; i++) found.push(...await listed(source));
  samples.set(kind, found.slice(0, found.length / 10));
  return found.length / (cpuSeconds().own - before);
}, "rows per CPU s");

title("decoding: audio seconds per CPU second");
const decoding = await compare((kind) => {
  using audio = new SampleAudio();
  const before = cpuSeconds().own;
  let seconds = 0;
  for (const sample of samples.get(kind) ?? []) {
    seconds += audio.read(stored(sample), 16_000).duration;
  }
  return Promise.resolve(seconds / (cpuSeconds().own - before));
}, "audio s per CPU s");
report(decoding, 85);

title("a whole run with the bundled codec, one worker: audio seconds a second");
const rates = await compare(async (_, source) => {
  const job = await encodeJob({ source, codec: "bundled", constants: [] });
  const run = await measureRun({ job, workers: 1, haveContainers: true });
  return run.audioSeconds / run.seconds;
}, "audio s/s");
report(rates, 90);

async function compare(
  measure: (kind: string, source: Source) => Promise<number>,
  unit: string,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const all = await inTurns(
    TURNS,
    [...sources].map(([kind, source]) => () => measure(kind, source)),
  );
  const values = new Map([...sources.keys()].map((kind, i) => [kind, all[i] ?? []]));
  for (const [kind, found] of values) tell(kind, median(found), unit);
  return values;
}

/** Holds Parquet against the folder; tells of the others. */
function report(values: ReadonlyMap<string, readonly number[]>, bound: number): void {
  const ratio = (kind: string) =>
    100 * medianRatio(values.get(kind) ?? [], values.get("folder") ?? []);
  check({ name: "Parquet, of the folder", value: ratio("parquet"), unit: "%", bound });
  tell("tar, of the folder", ratio("tar"), "%");
  tell("Arrow, of the folder", ratio("arrow"), "%");
}

async function listed(source: Source): Promise<SourceSample[]> {
  const found: SourceSample[] = [];
  for await (const item of source.list()) {
    if (item.kind !== "sample") throw new Error("Cannot measure: a clip was not listed");
    found.push(item.sample);
  }
  return found;
}

function stored({ id, audio, part, start, end }: SourceSample): StoredAudio {
  return {
    ...{ id, audio, start, end, size: null, mtime: null },
    part: part === undefined ? null : writePart(part),
  };
}
