/**
 * `deno run -A bench/sealing.ts [clips] [formats...]`: what part of an encode run goes into its output.
 *
 * First a shard of so many clips of ten seconds, their tokens random: what sealing costs by itself, and
 * how much of the time that is in which a GPU encodes them 1,500 times as fast as they play. Then the
 * 32 LJSpeech clips, 30 times over, through the bundled codec with one worker: what part of the
 * run's CPU time is sealing, and what part of its time. There is one shard, sealed when all else is
 * over; in a longer run the worker goes on meanwhile.
 */
import { encodeJob } from "../lib/encode_job.ts";
import type { Job, PlannedSample, StageOutput } from "../lib/run/job.ts";
import type { Column } from "../lib/shards/column.ts";
import { FORMAT_NAMES, type FormatName } from "../lib/shards/names.ts";
import { shardFormat } from "../lib/shards/registry.ts";
import { check, tell, title } from "./support/floors.ts";
import { measureRun } from "./support/measured_run.ts";
import { SealingClock } from "./support/sealing_clock.ts";
import { CLIPS, repeatedFiles, texts } from "./support/speech.ts";
import { BUNDLED, NANO, SNAC } from "./support/token_shapes.ts";
import type { TokenShape } from "./support/token_stage.ts";

const CLIPS_SEALED = Number(Deno.args[0] ?? 1000);
const FORMATS = FORMAT_NAMES.filter((name) => Deno.args.length < 2 || Deno.args.includes(name));
const TIMES = 30;
/** A sync of the disk for each file of tokens: what that takes is the disk's. */
const WITHOUT_FLOOR: FormatName = "npy";
/** Audio seconds a second of a GPU. */
const GPU = 1500;
const SHAPES = [
  { codec: "bundled", shape: BUNDLED, worker: "token_worker" },
  { codec: "snac_24khz", shape: SNAC, worker: "snac_token_worker" },
  { codec: "NanoCodec 12.5 Hz", shape: NANO, worker: "nano_token_worker" },
];

for (const { codec, shape, worker } of SHAPES) {
  title(`sealing ${CLIPS_SEALED.toLocaleString("en")} clips of ten seconds, ${codec}`);
  for (const name of FORMATS) await measureSealing(name, shape, worker);
}
title("sealing in runs of the bundled codec, one worker");
for (const name of FORMATS) await checkRun(name);

async function checkRun(name: FormatName): Promise<void> {
  const source = repeatedFiles(CLIPS, TIMES);
  const job = await encodeJob({ source, codec: "bundled", constants: [], format: name });
  const clock = new SealingClock();
  const run = await measureRun({
    ...{ job, workers: 1, shardSize: TIMES * CLIPS.length, format: clock.watch(shardFormat(name)) },
    onEvent: (event) => clock.onEvent(event),
  });
  const value = 100 * clock.cpu / (run.coordinatorCpu + run.workersCpu);
  const part = `${name}, of the CPU time of coordinator and worker`;
  if (name === WITHOUT_FLOOR) tell(part, value, "%");
  else check({ name: part, value, unit: "%", bound: 2, lowIsGood: true });
  tell(`${name}, by the clock, of the run`, 100 * clock.seconds / run.seconds, "%");
}

async function measureSealing(name: FormatName, shape: TokenShape, worker: string): Promise<void> {
  const encode = await encodeJob({ source: texts(CLIPS_SEALED), codec: "bundled", constants: [] });
  const clock = new SealingClock();
  await measureRun({
    ...{ job: tokenJob(encode, shape), workers: 1, shardSize: CLIPS_SEALED },
    ...{ program: new URL(`./support/${worker}.ts`, import.meta.url).href },
    ...{ format: clock.watch(shardFormat(name)), onEvent: (event) => clock.onEvent(event) },
  });
  const thousands = CLIPS_SEALED / 1000;
  const gpuSeconds = 1000 * shape.samples / shape.sampleRate / GPU;
  tell(`${name}, CPU time for 1,000 clips`, clock.cpu / thousands, "s");
  tell(`${name}, by the clock, synced`, clock.seconds / thousands, "s");
  tell(`${name}, of a GPU's time`, 100 * clock.seconds / thousands / gpuSeconds, "%");
}

/** Rows as `encode` makes them, for layers of other lengths. */
function tokenJob(job: Job, { lengths, entries, sampleRate }: TokenShape): Job {
  const layers = lengths.map((_, i) => `layer_${i + 1}`);
  const columns: readonly Column[] = [
    ...[{ name: "id", type: "string" }, { name: "text", type: "string" }] as const,
    ...layers.map((name): Column => ({ name, type: "tokens", maximum: entries - 1 })),
    ...["encoded_len", "num_samples", "sample_rate"].map((name): Column => ({
      name,
      type: "int64",
    })),
    { name: "duration", type: "float64" },
    ...[{ name: "speaker", type: "string" }, { name: "language", type: "string" }] as const,
  ];
  const { stage } = job;
  const row = (
    { id, text, speaker, language }: PlannedSample,
    output: StageOutput,
    seconds: number,
  ) => {
    const codes: unknown = output["codes"];
    if (!Array.isArray(codes)) throw new Error("Cannot measure: there are no tokens");
    return {
      ...{ id, text, ...Object.fromEntries(layers.map((name, i) => [name, codes[i]])) },
      ...{ encoded_len: lengths.at(-1) ?? 0, num_samples: Number(output["num_samples"]) },
      ...{ sample_rate: sampleRate, duration: seconds, speaker, language },
    };
  };
  return {
    ...job,
    ...{ columns, row },
    stage: {
      ...stage,
      settings: { ...stage.settings, model: stage.modelDigest },
      ...{ check: () => null, tokens: () => lengths.reduce((sum, length) => sum + length, 0) },
    },
  };
}
