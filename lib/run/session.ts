/**
 * The time between opening a planned ledger and closing it: workers work, answers are recorded,
 * shards sealed.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { workerNames } from "../devices.ts";
import { messageOf, type SampleError } from "../errors.ts";
import { type FileSystem, pathExists } from "../fs.ts";
import { PROTOCOL_VERSION } from "../protocol/messages.ts";
import { BlockKeeper } from "./block_keeper.ts";
import { BlockTable, type PlannedBlock } from "./block_table.ts";
import { requireRoom } from "./disk_room.ts";
import { Dispatcher } from "./dispatcher.ts";
import type { EngineOptions } from "./engine.ts";
import type { RunEvent } from "./events.ts";
import { writeClosingFiles } from "./finish.ts";
import type { Ledger } from "./ledger.ts";
import { ProgressMeter } from "./progress_meter.ts";
import { type Recorded, Recorder } from "./recorder.ts";
import { freeBytes } from "./run_directory.ts";
import { sealableShards, sealShard } from "./sealer.ts";
import { summarize, type Summary } from "./summary.ts";
import { Supervisor } from "./supervisor.ts";
import { WorkerSlot } from "./worker_slot.ts";

/** Outcomes are written together after so many milliseconds, or when so many have gathered. */
const FLUSH_MILLISECONDS = 20;
const FLUSH_OUTCOMES = 1000;

/** What a session needs. */
export interface SessionOptions extends EngineOptions {
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** One session of a run. */
export class Session {
  #options: SessionOptions;
  #ledger: Ledger;
  #emit: (event: RunEvent) => void;
  #recorder: Recorder;
  #blocks: BlockTable;
  #keeper: BlockKeeper | null;
  #dispatcher: Dispatcher;
  #supervisor: Supervisor;
  #meter: ProgressMeter;
  #openSamples: Map<number, number>;
  #sealing: Promise<void> = Promise.resolve();
  #flushTimer: ReturnType<typeof setTimeout> | undefined;
  #failure: unknown = null;

  constructor(options: SessionOptions, ledger: Ledger, emit: (event: RunEvent) => void) {
    this.#options = options;
    this.#ledger = ledger;
    this.#emit = emit;
    this.#recorder = new Recorder(ledger);
    this.#meter = new ProgressMeter(summarize(ledger), options.clock);
    this.#openSamples = openSamples(ledger);
    this.#blocks = new BlockTable(ledger);
    this.#keeper = this.#blocks.isEmpty ? null : this.#makeKeeper();
    this.#dispatcher = new Dispatcher(ledger, this.#keeper ?? undefined);
    const { clock, maxRetries, job } = options;
    this.#supervisor = new Supervisor({
      ...{ ledger, clock, maxRetries, emit, stage: job.stage, recorder: this.#recorder },
      dispatcher: this.#dispatcher,
      onOutcome: () => this.#scheduleFlush(),
      onStarved: () => this.#keeper?.onStarved(),
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
      this.#keeper?.stop();
      this.#supervisor.stop();
    };
    signal.addEventListener("abort", stop);
    let failure: unknown = null;
    try {
      using _ticker = clock.every(1000, () => this.#emit(this.#progress()));
      if (!signal.aborted) await this.#work();
    } catch (error) {
      failure = error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
    await this.#close(failure);
  }

  async #work(): Promise<void> {
    const isOver = this.#meter.pending === 0;
    if (!isOver) this.#requireRoom();
    // Where all is done, it still drops what an earlier session had no time to.
    this.#keeper?.start();
    if (!isOver) await this.#supervisor.run(this.#makeSlots());
  }

  async #close(failure: unknown): Promise<void> {
    clearTimeout(this.#flushTimer);
    // A failure to write waits for the shard being sealed: its file must not outlive the lock.
    if (this.#failure === null) this.#flushOrFail();
    await this.#keeper?.close();
    await this.#sealing;
    if (this.#failure !== null) throw this.#failure;
    const summary = summarize(this.#ledger);
    this.#emit(this.#progress());
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

  #makeKeeper(): BlockKeeper {
    const { job, clock, devices, maxBlocks = Math.max(3, devices.length + 2) } = this.#options;
    const { blocks, description } = job.source;
    if (blocks === undefined) {
      throw new TypeError(`Cannot go on: ${description} does not bring the files of its samples`);
    }
    return new BlockKeeper({
      ...{ blocks, clock, maxBlocks, table: this.#blocks },
      urgent: () => this.#dispatcher.urgentBlocks,
      held: () => this.#supervisor.heldBlocks,
      listener: {
        onBrought: (path, milliseconds) => {
          this.#emit({ type: "block", path, milliseconds });
          this.#supervisor.feed();
        },
        onLost: (block, error) => this.#lose(block, error),
        onFailure: (error) => this.#supervisor.fail(error),
        onLeftBehind: (path, error) => {
          const message = `Cannot remove '${path}', which is needed no more: ${messageOf(error)}`;
          this.#emit({ type: "warning", message });
        },
      },
    });
  }

  /** None of a block's samples can be done. */
  #lose(block: PlannedBlock, { reason, message: detail }: SampleError): void {
    this.#flushOrFail();
    const indices = this.#blocks.pending(block);
    this.#dispatcher.discard(block.path, indices.length);
    for (const idx of indices) {
      const why = { stage: "prepare", reason, detail, attempts: 1 } as const;
      this.#recorder.add({ kind: "quarantined", idx, ...why });
    }
    this.#flushOrFail();
    this.#supervisor.feed();
  }

  #progress(): RunEvent {
    return this.#meter.view(this.#supervisor.slots, this.#dispatcher.isStarved);
  }

  #requireRoom(): void {
    const { paths, job, freeBytes: freeOf = freeBytes } = this.#options;
    requireRoom(paths, this.#meter.pendingSeconds * job.stage.bytesPerSecond, freeOf);
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

  #settle({ outcome, id, shard, block }: Recorded): void {
    this.#meter.count(outcome);
    if (block !== null) this.#keeper?.onSettled(block);
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
    this.#keeper?.stop();
    this.#supervisor.stop();
    this.#supervisor.stop();
  }
}

/** Why a run stops, in words. */
export function stopReason(signal: AbortSignal): string {
  return String(signal.reason ?? "asked to");
}

function openSamples(ledger: Ledger): Map<number, number> {
  const rows = ledger.all<{ shard: number; n: number }>(
    "SELECT shard, COUNT(*) AS n FROM sample WHERE state = 0 GROUP BY shard",
  );
  return new Map(rows.map(({ shard, n }) => [shard, n]));
}
