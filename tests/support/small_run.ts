/**
 * Small finished runs, made by the engine's own pieces in this process: no worker, no config.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { decodeAudio } from "../../lib/audio/decode.ts";
import { encodeJob, type LayoutChoice } from "../../lib/encode_job.ts";
import { writeClosingFiles } from "../../lib/run/finish.ts";
import { storeIdentity } from "../../lib/run/identity.ts";
import type { Job } from "../../lib/run/job.ts";
import { Ledger } from "../../lib/run/ledger.ts";
import { planRun } from "../../lib/run/plan.ts";
import { Recorder } from "../../lib/run/recorder.ts";
import { makeRunDirectory, type RunPaths, runPaths } from "../../lib/run/run_directory.ts";
import { sealableShards, sealShard } from "../../lib/run/sealer.ts";
import { summarize } from "../../lib/run/summary.ts";
import type { ShardFormat } from "../../lib/shards/format.ts";
import { jsonlGz } from "../../lib/shards/jsonl_gz.ts";
import type { Source, SourceSample } from "../../lib/sources/source.ts";
import type { Codes } from "../../models/codec.ts";
import { loadCodec } from "../../models/registry.ts";
import { unsyncedFileSystem } from "./unsynced_fs.ts";

const DIGITS = resolve("tests/data/fsdd");
/** Clips of half a second: the first of each digit by each of two speakers. */
export const CLIPS: readonly string[] = ["george", "jackson"].flatMap((speaker) =>
  Array.from({ length: 6 }, (_, digit) => `${digit}_${speaker}_0`)
);

/** How the run is made. */
export interface SmallRunOptions {
  /** Ids and the clips behind them. @default each of `CLIPS` under its own name */
  readonly samples?: readonly { readonly id: string; readonly clip: string }[];
  /** @default {3} */
  readonly shardSize?: number;
  /** @default {0.25} */
  readonly valRatio?: number;
  /** Samples that get no outcome, so that their shards stay open. @default none */
  readonly pending?: readonly string[];
  /** @default layers */
  readonly layout?: LayoutChoice;
  /** @default JSON lines under gzip */
  readonly format?: ShardFormat;
  /** A line that is no sample. @default {false} */
  readonly reject?: boolean;
}

/** A run directory that is removed when it is disposed of. */
export interface SmallRun extends Disposable {
  readonly directory: string;
  readonly paths: RunPaths;
}

/** Makes a run. The clip `gone` is missing, so it is quarantined; `short` is filtered. */
export async function smallRun(options: SmallRunOptions = {}): Promise<SmallRun> {
  const parent = Deno.realPathSync(Deno.makeTempDirSync());
  const paths = runPaths(join(parent, "run"));
  const source = sourceOf(options);
  const job = await encodeJob({
    source,
    codec: "bundled",
    constants: [{ corpus: "fsdd" }],
    ...(options.layout === undefined ? {} : { layout: options.layout }),
  });
  makeRunDirectory(unsyncedFileSystem, paths);
  using ledger = Ledger.create(paths.ledger);
  const settings = { codec: "bundled" };
  storeIdentity(ledger, { settings, modelDigest: job.stage.modelDigest, files: [] });
  await planRun(ledger, source, {
    valRatio: options.valRatio ?? 0.25,
    splitBy: "id",
    shardSize: options.shardSize ?? 3,
    maxSamples: null,
    minSeconds: 0.1,
    maxSeconds: null,
    lengthOf: (seconds) => job.stage.lengthOf(seconds),
  });
  await record(ledger, new Set(options.pending));
  await seal(ledger, job, { paths, format: options.format ?? jsonlGz() });
  return {
    directory: paths.directory,
    paths,
    [Symbol.dispose]: () => Deno.removeSync(parent, { recursive: true }),
  };
}

async function seal(
  ledger: Ledger,
  job: Job,
  { paths, format }: { readonly paths: RunPaths; readonly format: ShardFormat },
): Promise<void> {
  const { directory } = paths;
  const options = { ledger, fs: unsyncedFileSystem, job, format, directory };
  for (const shard of sealableShards(ledger)) await sealShard(options, shard);
  Deno.writeTextFileSync(paths.config, "{}\n");
  writeClosingFiles({
    ...{ fs: unsyncedFileSystem, paths, ledger, job, summary: summarize(ledger), session: {} },
    configDigest: ledger.meta("config_digest") ?? "",
  });
}

async function record(ledger: Ledger, pending: ReadonlySet<string>): Promise<void> {
  const recorder = new Recorder(ledger);
  const samples = ledger.all<{ idx: number; id: string; audio: string }>(
    "SELECT idx, id, audio FROM sample WHERE state = 0 ORDER BY idx",
  );
  for (const { idx, id, audio } of samples) {
    if (pending.has(id)) continue;
    const { seconds, numSamples, codes } = await encoded(audio);
    recorder.add({ kind: "done", idx, seconds, output: { codes, num_samples: numSamples } });
  }
  recorder.flush();
}

interface Encoded {
  readonly seconds: number;
  readonly numSamples: number;
  readonly codes: Codes;
}

const encodedClips = new Map<string, Encoded>();

async function encoded(audio: string): Promise<Encoded> {
  const known = encodedClips.get(audio);
  if (known !== undefined) return known;
  await using codec = await loadCodec("bundled");
  const clip = decodeAudio(audio, { sampleRate: codec.spec.sampleRate });
  const codes = await codec.encode(clip.pcm);
  const made = { seconds: clip.duration, numSamples: clip.pcm.length, codes };
  encodedClips.set(audio, made);
  return made;
}

function sourceOf(options: SmallRunOptions): Source {
  const samples = options.samples ?? CLIPS.map((clip) => ({ id: clip, clip }));
  return {
    description: "digits",
    async *list() {
      await Promise.resolve();
      for (const { id, clip } of samples) yield { kind: "sample", sample: sample(id, clip) };
      if (options.reject) {
        yield { kind: "reject", id: null, place: "list:1", detail: "Cannot read the line" };
      }
    },
    fingerprint: () => Promise.resolve([]),
  };
}

function sample(id: string, clip: string): SourceSample {
  return {
    id,
    audio: join(DIGITS, `${clip === "short" ? CLIPS[0] : clip}.wav`),
    text: clip.slice(0, 1),
    speaker: clip.split("_")[1] ?? null,
    language: "en",
    duration: clip === "short" ? 0.01 : null,
    start: null,
    end: null,
    place: `${clip}.wav`,
  };
}
