/**
 * Encoding a dataset, as a library and as a command.
 *
 * @module
 */
import { resolveCodec, type ResolveOptions } from "../models/resolve.ts";
import { codecSettings } from "./codec_settings.ts";
import { loadConfig } from "./config/load.ts";
import type { RunConfig } from "./config/run_config.ts";
import { dataSettings, storedSettings } from "./config/stored.ts";
import { chooseDevices, type Device, type Machine } from "./devices.ts";
import { encodeJob } from "./encode_job.ts";
import { messageOf, SpeechmillError, StoppedError } from "./errors.ts";
import type { FileSystem } from "./fs.ts";
import { latestProgress } from "./latest_progress.ts";
import type { WorkerLimits } from "./protocol/messages.ts";
import { realMachine } from "./machine.ts";
import { type EngineOptions, runEngine } from "./run/engine.ts";
import type { RunEvent } from "./run/events.ts";
import { requireRun, runPaths } from "./run/run_directory.ts";
import { denoSpawner } from "./run/spawn_worker.ts";
import type { WorkerSpawner } from "./run/worker_process.ts";
import { shardFormat } from "./shards/registry.ts";
import { openSource } from "./sources/open.ts";

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
 * a run of the same config it goes on where that one ended.
 *
 * @throws {UsageError} If the config or the input cannot be used.
 * @throws {RunConflictError} If the folder belongs to another run, or is in use.
 * @throws {DeviceError} If no device works; what was done is kept.
 * @throws {StoppedError} If it is stopped while the codec is brought here.
 */
export async function* encode(
  config: RunConfig,
  options: EncodeOptions = {},
): AsyncGenerator<RunEvent> {
  const { devices, warning } = chooseDevices(config.devices, options.machine ?? realMachine());
  if (warning !== null) yield { type: "warning", message: warning };
  const paths = runPaths(config.output, config.ledger);
  const source = await openSource({ ...config, exclude: [paths.directory] });
  // Workers have no network and write nothing: the codec is brought here and converted first.
  const codec = yield* prepareCodec(config, options);
  const job = await encodeJob({
    ...{ source, codec, constants: [config.constants] },
    settings: codecSettings(config),
    layout: {
      name: config.layout,
      base: config.layoutBase,
      removeRepeatedFrames: config.removeRepeatedFrames,
    },
  });
  const { maxRetries, stallSeconds } = config;
  const engine: EngineOptions = {
    ...{ job, paths, devices, maxRetries, stallSeconds, plan: config },
    settings: dataSettings(config),
    config: storedSettings(config),
    limits: workerLimits(config, devices),
    format: shardFormat(config.format, config),
    spawner: options.spawner ?? denoSpawner({ logs: paths.logs }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.fs === undefined ? {} : { fs: options.fs }),
  };
  yield* runEngine(engine);
}

async function* prepareCodec(
  config: RunConfig,
  { hub, fs, signal: asked }: EncodeOptions,
): AsyncGenerator<RunEvent, string> {
  const { codec } = config;
  const left = new AbortController();
  const signals = [left.signal, asked, hub?.signal].filter((signal) => signal !== undefined);
  const signal = AbortSignal.any(signals);
  const progress = latestProgress((onProgress: NonNullable<ResolveOptions["onProgress"]>) =>
    resolveCodec(codec, {
      ...codecSettings(config),
      onProgress,
      hub: { ...hub, signal },
      ...(fs === undefined ? {} : { fs }),
    })
  );
  try {
    while (true) {
      const { done, value } = await progress.next();
      if (done) return value;
      yield { ...value, type: "converting", codec, step: value.type };
    }
  } catch (error) {
    if (!asked?.aborted) throw error;
    throw new StoppedError(
      `Cannot bring the codec '${codec}' here: it was asked to stop; what was downloaded is kept, ` +
        "run the command again to go on",
      { cause: error },
    );
  } finally {
    left.abort();
  }
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
): AsyncGenerator<RunEvent> {
  requireRun(directory);
  // The folder may have been moved since: it is where we were told.
  const { directory: output, config } = runPaths(directory);
  const stored = await readConfig(config, output);
  const { devices = stored.devices, batchSeconds = stored.batchSeconds } = options;
  yield* encode({ ...stored, output, devices, batchSeconds }, options);
}

async function readConfig(path: string, cwd: string): Promise<RunConfig> {
  let stored: unknown;
  try {
    stored = JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    const message = `Cannot read the run's config '${path}': ${messageOf(error)}`;
    throw new SpeechmillError(message, { cause: error });
  }
  return await loadConfig({ stored, cwd });
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
