/**
 * The engine's options, as the command line sets them for the CPU.
 *
 * @module
 */
import type { Device } from "../../lib/devices.ts";
import type { EngineOptions } from "../../lib/run/engine.ts";
import type { Job } from "../../lib/run/job.ts";
import { runPaths } from "../../lib/run/run_directory.ts";
import { denoSpawner } from "../../lib/run/spawn_worker.ts";
import type { ShardFormat } from "../../lib/shards/format.ts";
import { jsonlGz } from "../../lib/shards/jsonl_gz.ts";

/** What a bench chooses. */
export interface EngineSetup {
  readonly job: Job;
  /** Workers, each on the CPU with one thread for the model and one that decodes. */
  readonly workers: number;
  /** The worker program. @default {the worker as it is} */
  readonly program?: string;
  /** Padded seconds in a batch. @default {30} */
  readonly batchSeconds?: number;
  /** Samples in a shard. @default {1000} */
  readonly shardSize?: number;
  /** Whether samples lie within files of many. @default {false} */
  readonly haveContainers?: boolean;
  /** What the shards are. @default {jsonlGz()} */
  readonly format?: ShardFormat;
}

const PLAIN_WORKER = new URL("./plain_worker.ts", import.meta.url).href;

/** Options of a run in this folder, without a validation split. */
export function engineOptions(folder: string, options: EngineSetup): EngineOptions {
  const { job, workers, batchSeconds = 30, shardSize = 1000, program = PLAIN_WORKER } = options;
  const { haveContainers: scratch = false, format = jsonlGz() } = options;
  const paths = runPaths(folder);
  const device: Device = { provider: "cpu", cuda: null, feeders: 1 };
  return {
    ...{ job, paths, settings: {}, config: {}, maxRetries: 0, stallSeconds: 60 },
    plan: {
      ...{ valRatio: 0, splitBy: "id", shardSize, maxSamples: null },
      ...{ minSeconds: null, maxSeconds: null },
    },
    devices: Array.from({ length: workers }, () => device),
    limits: {
      ...{ batch_seconds: batchSeconds, window_seconds: 60, queue_seconds: 120 },
      ...{ min_seconds: null, max_seconds: null },
    },
    format,
    spawner: denoSpawner({ logs: paths.logs, program, scratch }),
  };
}
