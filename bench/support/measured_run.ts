/**
 * A run of the engine with a stopwatch.
 *
 * @module
 */
import { runEngine } from "../../lib/run/engine.ts";
import type { RunEvent } from "../../lib/run/events.ts";
import { engineOptions, type EngineSetup } from "./engine_options.ts";
import { cpuSeconds, cpuSecondsOf } from "./process_figures.ts";
import { temporaryFolder } from "./temporary_folder.ts";

/** What to run. */
export interface MeasuredRunOptions extends EngineSetup {
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
