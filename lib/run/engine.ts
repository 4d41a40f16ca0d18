/**
 * One run from plan to manifest. Everything a command does goes through here.
 *
 * @module
 */
import { type Clock, realClock } from "../clock.ts";
import { type Device, workerNames } from "../devices.ts";
import { SpeechmillError } from "../errors.ts";
import { type FileSystem, pathExists, realFileSystem } from "../fs.ts";
import { PROTOCOL_VERSION, type WorkerLimits } from "../protocol/messages.ts";
import type { ShardFormat } from "../shards/format.ts";
import { Channel } from "./channel.ts";
import { Dispatcher } from "./dispatcher.ts";
import { EventLog } from "./event_log.ts";
import type { RunEvent } from "./events.ts";
import { writeClosingFiles } from "./finish.ts";
import type { Ledger } from "./ledger.ts";
import { openPlan, type OpenPlanOptions } from "./open_plan.ts";
import { isPlanned } from "./plan.ts";
import { ProgressMeter } from "./progress_meter.ts";
import { type Recorded, Recorder } from "./recorder.ts";
import { discardTemporaryFiles, freeBytes, lockRun, makeRunDirectory } from "./run_directory.ts";
import { sealableShards, sealShard } from "./sealer.ts";
import { summarize, type Summary } from "./summary.ts";
import { Supervisor } from "./supervisor.ts";
import { WorkerSlot } from "./worker_slot.ts";
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
}

/** Outcomes are written together after so many milliseconds, or when so many have gathered. */
const FLUSH_MILLISECONDS = 20;
const FLUSH_OUTCOMES = 1000;
/** Room that is always wanted on the disk. */
const MIN_FREE_BYTES = 64 * 1024 * 1024;

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
  makeRunDirectory(fs, paths);
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

/** The time between opening a planned ledger and closing it. */
class Session {
  #options: EngineOptions & { fs: FileSystem; clock: Clock; signal: AbortSignal };
  #ledger: Ledger;
  #emit: (event: RunEvent) => void;
  #recorder: Recorder;
  #supervisor: Supervisor;
  #meter: ProgressMeter;
  #openSamples: Map<number, number>;
  #sealing: Promise<void> = Promise.resolve();
  #flushTimer: ReturnType<typeof setTimeout> | undefined;
  #failure: unknown = null;

  constructor(
    options: EngineOptions & { fs: FileSystem; clock: Clock; signal: AbortSignal },
    ledger: Ledger,
    emit: (event: RunEvent) => void,
  ) {
    this.#options = options;
    this.#ledger = ledger;
    this.#emit = emit;
    this.#recorder = new Recorder(ledger);
    this.#meter = new ProgressMeter(summarize(ledger), options.clock);
    this.#openSamples = openSamples(ledger);
    const { clock, maxRetries, job } = options;
    this.#supervisor = new Supervisor({
      ...{ ledger, clock, maxRetries, emit, stage: job.stage, recorder: this.#recorder },
      dispatcher: new Dispatcher(ledger),
      onOutcome: () => this.#scheduleFlush(),
    });
  }

  async run(): Promise<void> {
    const { signal, clock } = this.#options;
    this.#emit(this.#meter.planned());
    // From now on the folder says what it is, even if this session never comes to its end.
    if (!pathExists(this.#options.paths.manifest)) this.#writeClosingFiles(summarize(this.#ledger));
    for (const shard of sealableShards(this.#ledger)) this.#seal(shard);
    const stop = () => {
      this.#emit({ type: "stopping", reason: stopReason(signal) });
      this.#supervisor.stop();
    };
    signal.addEventListener("abort", stop);
    let failure: unknown = null;
    try {
      using _ticker = clock.every(1000, () => this.#emit(this.#meter.view(this.#supervisor.slots)));
      if (!signal.aborted && this.#meter.pending > 0) {
        this.#requireRoom();
        await this.#supervisor.run(this.#makeSlots());
      }
    } catch (error) {
      failure = error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
    await this.#close(failure);
  }

  async #close(failure: unknown): Promise<void> {
    clearTimeout(this.#flushTimer);
    // A failure to write waits for the shard being sealed: its file must not outlive the lock.
    if (this.#failure === null) this.#flushOrFail();
    await this.#sealing;
    if (this.#failure !== null) throw this.#failure;
    const summary = summarize(this.#ledger);
    this.#emit(this.#meter.view(this.#supervisor.slots));
    this.#writeClosingFiles(summary);
    if (failure !== null) throw failure;
    this.#emit({ type: "finished", summary });
  }

  #writeClosingFiles(summary: Summary): void {
    const { fs, paths, job } = this.#options;
    const configDigest = this.#ledger.meta("config_digest") ?? "";
    const { restarts, halvings } = this.#supervisor;
    const session = {
      ...this.#meter.session(),
      workerRestarts: restarts,
      batchHalvings: halvings,
    };
    writeClosingFiles({ fs, paths, job, summary, configDigest, session, ledger: this.#ledger });
  }

  #makeSlots(): WorkerSlot[] {
    const { devices, spawner, clock, stallSeconds, job, paths, limits } = this.#options;
    const names = workerNames(devices);
    return devices.map((device, i) =>
      new WorkerSlot({
        ...{ device, spawner, clock, stallSeconds, listener: this.#supervisor },
        name: names[i] ?? `worker:${i}`,
        init: {
          type: "init",
          protocol: PROTOCOL_VERSION,
          ledger: paths.ledger,
          stage: job.stage.name,
          settings: { ...job.stage.settings, provider: device.provider },
          limits: { ...limits, feeders: device.feeders },
        },
      })
    );
  }

  #requireRoom(): void {
    const { paths, job } = this.#options;
    const free = (this.#options.freeBytes ?? freeBytes)(paths.data);
    const needed = MIN_FREE_BYTES + this.#meter.pendingSeconds * job.stage.bytesPerSecond;
    if (free === null || free >= needed) return;
    const megabytes = (bytes: number) => Math.ceil(bytes / 1e6);
    throw new SpeechmillError(
      `Cannot start the run in '${paths.directory}': it needs about ${megabytes(needed)} MB, ` +
        `${megabytes(free)} MB are free: make room, or choose another --output`,
    );
  }

  #scheduleFlush(): void {
    if (this.#recorder.buffered >= FLUSH_OUTCOMES) this.#flushOrFail();
    else this.#flushTimer ??= setTimeout(() => this.#flushOrFail(), FLUSH_MILLISECONDS);
  }

  #flushOrFail(): void {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    try {
      this.#flush();
    } catch (error) {
      this.#fail(error);
    }
  }

  #flush(): void {
    for (const recorded of this.#recorder.flush()) this.#settle(recorded);
    if (this.#meter.pending === 0) this.#supervisor.finish();
  }

  #settle({ outcome, id, shard }: Recorded): void {
    this.#meter.count(outcome);
    if (outcome.kind === "quarantined") {
      const { reason, detail } = outcome;
      this.#emit({ type: "quarantined", id, reason, detail });
    }
    const open = (this.#openSamples.get(shard) ?? 1) - 1;
    this.#openSamples.set(shard, open);
    if (open === 0) {
      this.#openSamples.delete(shard);
      this.#seal(shard);
    }
  }

  #seal(shard: number): void {
    const { fs, job, format, paths } = this.#options;
    this.#sealing = this.#sealing.then(async () => {
      if (this.#failure !== null) return;
      try {
        const options = { ledger: this.#ledger, fs, job, format, directory: paths.directory };
        const { path, rows, bytes } = await sealShard(options, shard);
        this.#meter.countShard();
        this.#emit({ type: "sealed", path, rows, bytes });
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  /** The ledger or the disk failed: no answer can be kept any more. */
  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#supervisor.stop();
    this.#supervisor.stop();
  }
}

function stopReason(signal: AbortSignal): string {
  return String(signal.reason ?? "asked to");
}

function openSamples(ledger: Ledger): Map<number, number> {
  const rows = ledger.all<{ shard: number; n: number }>(
    "SELECT shard, COUNT(*) AS n FROM sample WHERE state = 0 GROUP BY shard",
  );
  return new Map(rows.map(({ shard, n }) => [shard, n]));
}
