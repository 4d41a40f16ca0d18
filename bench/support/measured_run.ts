/**
 * A run of the engine with a stopwatch.
 *
 * @module
 */
import type { Device } from "../../lib/devices.ts";
import { runEngine } from "../../lib/run/engine.ts";
import type { RunEvent } from "../../lib/run/events.ts";
import type { Job } from "../../lib/run/job.ts";
import { runPaths } from "../../lib/run/run_directory.ts";
import { denoSpawner } from "../../lib/run/spawn_worker.ts";
import { jsonlGz } from "../../lib/shards/jsonl_gz.ts";
import { cpuSeconds, cpuSecondsOf } from "./process_figures.ts";
import { temporaryFolder } from "./temporary_folder.ts";

/** What to run. */
export interface MeasuredRunOptions {
  readonly job: Job;
  /** Workers, each on the CPU with one thread for the model and one that decodes. */
  readonly workers: number;
  /** The worker program. @default {the worker as it is} */
  readonly program?: string;
  /** Padded seconds in a batch. @default {30}, as on the command line */
  readonly batchSeconds?: number;
  /** Samples in a shard. @default {1000} */
  readonly shardSize?: number;
  /** Told everything that happens. */
  readonly onEvent?: (event: RunEvent) => void;
}

/** What it took. */
export interface RunFigures {
  /** From the call to the last worker's `ready`: planning, processes, models. */
  readonly startSeconds: number;
  /** From the last worker's `ready` to the end, the last shard sealed. */
  readonly seconds: number;
  readonly audioSeconds: number;
  readonly samples: number;
  readonly tokens: number;
  /** CPU time of the coordinator in `seconds`. */
  readonly coordinatorCpu: number;
  /** CPU time of the workers after their `ready`. */
  readonly workersCpu: number;
}

const PLAIN_WORKER = new URL("./plain_worker.ts", import.meta.url).href;

/** Runs a job to its end in a folder of its own, and removes it. */
export async function measureRun(options: MeasuredRunOptions): Promise<RunFigures> {
  using folder = temporaryFolder();
  const begin = performance.now();
  const cpuBefore = cpuSeconds();
  const pids: number[] = [];
  let ready = begin;
  let cpuAtReady = cpuBefore;
  let workersAtReady = 0;
  for await (const event of runEngine(engineOptions(folder.path, options))) {
    options.onEvent?.(event);
    if (event.type === "worker_started") pids.push(event.pid);
    if (event.type === "worker_ready") {
      ready = performance.now();
      cpuAtReady = cpuSeconds();
      workersAtReady = pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
    }
    if (event.type !== "finished") continue;
    const { summary } = event;
    if (summary.done !== summary.samples) throw new Error("Cannot measure: samples failed");
    const cpu = cpuSeconds();
    return {
      startSeconds: (ready - begin) / 1000,
      seconds: (performance.now() - ready) / 1000,
      audioSeconds: summary.audioSeconds,
      samples: summary.done,
      tokens: summary.tokens,
      coordinatorCpu: cpu.own - cpuAtReady.own,
      workersCpu: cpu.children - cpuBefore.children - workersAtReady,
    };
  }
  throw new Error("Cannot measure: the run did not finish");
}

function engineOptions(
  folder: string,
  options: MeasuredRunOptions,
): Parameters<typeof runEngine>[0] {
  const { job, workers, batchSeconds = 30, shardSize = 1000, program = PLAIN_WORKER } = options;
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
    format: jsonlGz(),
    spawner: denoSpawner({ logs: paths.logs, program }),
  };
}
