/**
 * One run from plan to manifest. Everything a command does goes through here.
 *
 * @module
 */
import { type Clock, realClock } from "../clock.ts";
import type { Device } from "../devices.ts";
import { type FileSystem, realFileSystem } from "../fs.ts";
import type { WorkerLimits } from "../protocol/messages.ts";
import type { ShardFormat } from "../shards/format.ts";
import { Channel } from "./channel.ts";
import { EventLog } from "./event_log.ts";
import type { RunEvent } from "./events.ts";
import { openPlan, type OpenPlanOptions } from "./open_plan.ts";
import { isPlanned } from "./plan.ts";
import { discardTemporaryFiles, lockRun, makeRunDirectory } from "./run_directory.ts";
import { Session, stopReason } from "./session.ts";
import { summarize } from "./summary.ts";
import type { WorkerSpawner } from "./worker_process.ts";

/** What a run needs. */
export interface EngineOptions extends Omit<OpenPlanOptions, "signal" | "fs" | "emit"> {
  readonly devices: readonly Device[];
  readonly limits: Omit<WorkerLimits, "feeders">;
  readonly maxRetries: number;
  readonly stallSeconds: number;
  readonly format: ShardFormat;
  readonly spawner: WorkerSpawner;
  /** Aborted to stop: leasing ends, batches in flight finish, what is complete is sealed. */
  readonly signal?: AbortSignal;
  /** @default {realFileSystem} */
  readonly fs?: FileSystem;
  /** @default {realClock} */
  readonly clock?: Clock;
  /** Bytes free in a folder; null where that cannot be asked. @default {freeBytes} */
  readonly freeBytes?: (path: string) => number | null;
  /**
   * Files of deferred samples on the disk at most.
   * @default what every worker works on, and two ahead; at least three
   */
  readonly maxBlocks?: number;
}

/**
 * Runs a job, or goes on with it where an earlier session ended, and yields what happens. The
 * last event is `finished`. Ending the iteration early stops the run as `signal` does.
 *
 * @throws {RunConflictError} If the folder belongs to another run, or is in use.
 * @throws {UsageError} If the input cannot be planned.
 * @throws {DeviceError} If no device works.
 */
export async function* runEngine(options: EngineOptions): AsyncGenerator<RunEvent> {
  const channel = new Channel<RunEvent>();
  const left = new AbortController();
  const signal = options.signal === undefined
    ? left.signal
    : AbortSignal.any([options.signal, left.signal]);
  const work = drive({ ...options, signal }, channel).finally(() => channel.close());
  // Its failure is thrown below; until then it must not count as unhandled.
  work.catch(() => {});
  try {
    yield* channel;
    await work;
  } finally {
    left.abort();
    await work.catch(() => {});
  }
}

async function drive(
  options: EngineOptions & { signal: AbortSignal },
  channel: Channel<RunEvent>,
): Promise<void> {
  const { paths, fs = realFileSystem, clock = realClock } = options;
  makeRunDirectory(fs, paths, options.job.extraFiles?.().map(({ name }) => name));
  using _lock = lockRun(paths);
  discardTemporaryFiles(fs, paths);
  using log = new EventLog(paths.events, clock);
  const emit = (event: RunEvent) => {
    log.add(event);
    channel.push(event);
  };
  if (options.job.notice !== null) emit({ type: "notice", message: options.job.notice });
  using ledger = await openPlan({ ...options, fs, emit });
  if (!isPlanned(ledger)) {
    emit({ type: "stopping", reason: stopReason(options.signal) });
    return emit({ type: "finished", summary: summarize(ledger) });
  }
  const session = new Session({ ...options, fs, clock }, ledger, emit);
  await session.run();
}
