/**
 * Encoding a dataset, as a library and as a command.
 *
 * @module
 */
import type { ResolvedCodec, ResolveOptions } from "../models/resolve.ts";
import { codecSettings } from "./codec_settings.ts";
import { commandOf } from "./config/command.ts";
import { datasetsOf } from "./config/datasets.ts";
import { readStoredConfig } from "./config/read_stored.ts";
import type { RunConfig } from "./config/run_config.ts";
import { dataSettings, storedSettings } from "./config/stored.ts";
import { chooseDevices, type Device, type Machine } from "./devices.ts";
import { encodeJob } from "./encode_job.ts";
import { ownColumns } from "./encoding/constants.ts";
import type { EncodeEvent } from "./encoding/events.ts";
import { bringSource } from "./encoding/open_source.ts";
import { prepareCodec } from "./encoding/prepare_codec.ts";
import { Publishing } from "./encoding/publishing.ts";
import { tellWaits } from "./encoding/tell_waits.ts";
import { UsageError } from "./errors.ts";
import type { Wait } from "./hub/back_off.ts";
import type { FileSystem } from "./fs.ts";
import type { Job } from "./run/job.ts";
import type { WorkerLimits } from "./protocol/messages.ts";
import { realMachine } from "./machine.ts";
import { type EngineOptions, runEngine } from "./run/engine.ts";
import type { RunEvent } from "./run/events.ts";
import { configDigest } from "./run/identity.ts";
import { checkRunDirectory, requireRun, runPaths } from "./run/run_directory.ts";
import { denoSpawner } from "./run/spawn_worker.ts";
import type { WorkerSpawner } from "./run/worker_process.ts";
import { shardFormat } from "./shards/registry.ts";
import type { DatasetConfig } from "./sources/dataset.ts";
import type { Source } from "./sources/source.ts";

/** How to run, beside the config. */
export interface EncodeOptions {
  /** Aborted to stop: batches in flight finish, what is complete is sealed. */
  readonly signal?: AbortSignal;
  /** What the machine has. @default {realMachine()} */
  readonly machine?: Machine;
  /** @default {realFileSystem} */
  readonly fs?: FileSystem;
  /** Starts workers. @default {this program again, as a subprocess} */
  readonly spawner?: WorkerSpawner;
  /** How the Hugging Face Hub is reached, where the codec is there. @default the real one */
  readonly hub?: NonNullable<ResolveOptions["hub"]>;
}

/** What may differ between two sessions of one run. */
export interface ResumeOptions extends EncodeOptions {
  /** As `--devices`. @default {what the run was begun with} */
  readonly devices?: string;
  /** As `--batch-seconds`. @default {what the run was begun with} */
  readonly batchSeconds?: number | null;
}

/**
 * Encodes a dataset and yields what happens; the last event is `finished`. In a folder that holds
 * a run of the same config it goes on where that one ended. Where the run is finished and cannot be
 * published, `finished` comes before the error.
 *
 * @throws {UsageError} If the config or the input cannot be used.
 * @throws {RunConflictError} If the folder belongs to another run, or is in use.
 * @throws {DeviceError} If no device works; what was done is kept.
 * @throws {StoppedError} If it is stopped while the codec is brought here.
 */
export async function* encode(
  config: RunConfig,
  options: EncodeOptions = {},
): AsyncGenerator<EncodeEvent> {
  const { signal: asked, hub } = options;
  yield* tellWaits((tell, left) => {
    const signal = asked === undefined ? left : AbortSignal.any([asked, left]);
    const onWait = (wait: Wait) => {
      tell(wait);
      hub?.onWait?.(wait);
    };
    return encodeAll(config, { ...options, signal, hub: { ...hub, onWait } });
  });
}

async function* encodeAll(
  config: RunConfig,
  options: EncodeOptions,
): AsyncGenerator<EncodeEvent> {
  const { devices, warning } = chooseDevices(config.devices, options.machine ?? realMachine());
  if (warning !== null) yield { type: "warning", message: warning };
  for (const message of config.notices) yield { type: "settings", message };
  const datasets = datasetsOf(config);
  // Before anything is brought here, noted there, or made on the Hub.
  checkRunDirectory(runPaths(config.output, config.ledger));
  const opened = yield* bringSource(config, datasets, options);
  const { source, haveContainers: scratch } = opened;
  if (source.textOnly !== undefined) {
    throw new UsageError(`Cannot encode the input: ${source.textOnly}`);
  }
  for (const message of opened.notices) yield { type: "notice", message };
  await using publishing = await Publishing.open({
    ...{ config, digest: configDigest(dataSettings(config)) },
    hub: hubOptions(options),
  });
  // Workers have no network and write nothing: the codec is brought here and converted first.
  const codec = yield* prepareCodec(config, options);
  const job = await makeJob(config, { source, codec, datasets });
  const engine = engineOptions(config, { job, devices, datasets, scratch }, options);
  for await (const event of publish(runEngine(engine), publishing)) {
    if (event.type === "finished" && event.summary.finished) opened.finish();
    yield event;
  }
}

/**
 * What the engine does, and what becomes of its files; `finished` is told last. Where publishing
 * fails, it is told before that is thrown: the run itself has come to its end.
 */
async function* publish(
  events: AsyncIterable<RunEvent>,
  publishing: Publishing,
): AsyncGenerator<EncodeEvent> {
  for await (const event of events) {
    try {
      if (event.type === "finished" && event.summary.finished) yield* publishing.finish();
    } catch (error) {
      yield event;
      throw error;
    }
    yield event;
    yield* publishing.observe(event);
  }
}

/** The Hub as a run reaches it: stopping the run stops that as well. */
function hubOptions({ hub, signal: asked }: EncodeOptions): NonNullable<EncodeOptions["hub"]> {
  const signals = [asked, hub?.signal].filter((signal) => signal !== undefined);
  return { ...hub, ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }) };
}

interface JobParts {
  readonly source: Source;
  readonly codec: ResolvedCodec;
  readonly datasets: readonly DatasetConfig[];
}

function makeJob(config: RunConfig, { source, codec, datasets }: JobParts): Promise<Job> {
  const { layout: name, layoutBase: base, removeRepeatedFrames, format } = config;
  return encodeJob({
    ...{ source, codec: codec.reference, codecCommit: codec.commit },
    ...{ format, command: commandOf(config) },
    constants: datasets.map(({ constants }) => ownColumns(constants)),
    datasets: datasets.map(({ input }) => input),
    settings: codecSettings(config),
    layout: { name, base, removeRepeatedFrames },
    // The synthetic-speech pipeline's files begin with it.
    withIndex: format === "csv",
  });
}

interface EngineParts {
  readonly job: Job;
  readonly devices: readonly Device[];
  readonly datasets: readonly DatasetConfig[];
  /** Whether workers need a place to write samples to. */
  readonly scratch: boolean;
}

function engineOptions(
  config: RunConfig,
  { job, devices, datasets, scratch }: EngineParts,
  options: EncodeOptions,
): EngineOptions {
  const paths = runPaths(config.output, config.ledger);
  const { maxRetries, stallSeconds } = config;
  return {
    ...{ job, paths, devices, maxRetries, stallSeconds },
    plan: { ...config, origins: datasets },
    settings: dataSettings(config),
    config: storedSettings(config),
    limits: workerLimits(config, devices),
    format: shardFormat(config.format, config),
    spawner: options.spawner ?? denoSpawner({ logs: paths.logs, scratch }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.fs === undefined ? {} : { fs: options.fs }),
  };
}

/**
 * Goes on with a run where its last session ended, however it ended.
 *
 * @param directory The run directory.
 * @throws {UsageError} If the folder holds no run.
 * @throws {RunConflictError} If its input, its config or its model has changed since.
 */
export async function* resume(
  directory: string,
  options: ResumeOptions = {},
): AsyncGenerator<EncodeEvent> {
  requireRun(directory);
  const stored = await readStoredConfig(directory);
  const { devices = stored.devices, batchSeconds = stored.batchSeconds } = options;
  yield* encode({ ...stored, devices, batchSeconds }, options);
}

/** Batching is everything on a GPU and little on a CPU, where equal lengths rarely meet. */
const BATCH_SECONDS = { cpu: 30, gpu: 120 };
/** On a GPU one shape for nearly all; on a CPU windows only bound the memory of long clips. */
const WINDOW_SECONDS = { cpu: 30, gpu: 5 };

function workerLimits(
  config: RunConfig,
  devices: readonly Device[],
): Omit<WorkerLimits, "feeders"> {
  const kind = devices.some(({ provider }) => provider !== "cpu") ? "gpu" : "cpu";
  const batchSeconds = config.batchSeconds ?? BATCH_SECONDS[kind];
  return {
    batch_seconds: batchSeconds,
    window_seconds: config.windowSeconds ?? WINDOW_SECONDS[kind],
    queue_seconds: Math.max(60, 4 * batchSeconds),
    min_seconds: config.minSeconds,
    max_seconds: config.maxSeconds,
  };
}
