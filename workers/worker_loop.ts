/**
 * A worker's main thread: takes leases, keeps the feeders and the model busy, answers. It never
 * decodes or runs a model itself, so that heartbeats and stops are never late.
 *
 * @module
 */
import { filterReason } from "../lib/audio/limits.ts";
import type { InitMessage, WorkerCommand, WorkerMessage } from "../lib/protocol/messages.ts";
import { Batcher, pieceOf, type QueuedPiece, type Work } from "./batcher.ts";
import { LeaseQueue } from "./lease_queue.ts";
import { MemoryGuard } from "./memory_guard.ts";
import type { PlanReader } from "./plan_reader.ts";
import { Regions } from "./regions.ts";
import type { Cutter, LeasedSample, Piece } from "./stage.ts";
import type { ThreadHandle, ThreadReply } from "./threads.ts";

/** What the loop needs. */
export interface LoopOptions {
  readonly init: InitMessage;
  readonly plan: Pick<PlanReader, "read">;
  readonly cutter: Cutter;
  readonly feeders: readonly ThreadHandle[];
  readonly model: ThreadHandle;
  /** Whether a batch that is not full may run at once: on a CPU batching gains little. */
  readonly eager: boolean;
  /** What a sample is read together with; null for nothing. @default by `Regions` */
  readonly regionOf?: (sample: LeasedSample) => string | null;
  readonly send: (message: WorkerMessage) => void;
  /** Called after `stop`, when nothing is in flight. */
  readonly onIdleAfterStop: () => void;
  /** Called when only a new process can go on. */
  readonly onDeviceLost: (message: string) => void;
}

/** Samples a feeder thread may hold: one in hand, one to go on with. */
const FEEDER_DEPTH = 2;
/** Batches the model thread may hold, likewise. */
const MODEL_DEPTH = 2;

interface Batch {
  readonly pieces: readonly QueuedPiece[];
  /** Pieces that went through the model. */
  readonly size: number;
  readonly length: number;
  /** Times it was halved before. */
  readonly halvings: number;
}

/** The state of a worker between two messages. */
export class WorkerLoop {
  #options: LoopOptions;
  #leased: LeaseQueue;
  #preparing = new Map<number, LeasedSample>();
  #batcher = new Batcher();
  #guard = new MemoryGuard();
  #alone: QueuedPiece[] = [];
  #running = new Map<number, Batch>();
  #batches = 0;
  #halvings = 0;
  #stopping = false;

  constructor(options: LoopOptions) {
    this.#options = options;
    const regions = new Regions();
    const { feeders, regionOf = (sample) => regions.of(sample) } = options;
    // With one feeder there is nothing to choose.
    this.#leased = new LeaseQueue(feeders.length === 1 ? () => null : regionOf);
  }

  /** Takes a message of the coordinator. */
  command(command: WorkerCommand): void {
    if (command.type === "lease" && !this.#stopping) {
      this.#leased.add(this.#options.plan.read(command.indices));
    } else if (command.type === "stop") {
      this.#stopping = true;
      this.#leased.clear();
    }
    this.#advance();
  }

  /** Takes an answer of a thread. */
  reply(reply: ThreadReply): void {
    if (reply.type === "prepared") this.#prepared(reply);
    else if (reply.type === "unprepared") {
      const { idx, reason, detail } = reply;
      this.#preparing.delete(idx);
      this.#fail(idx, "prepare", reason, detail, reason === "internal_error");
    } else if (reply.type === "ran") this.#ran(reply);
    else if (reply.type === "unrun") this.#unrun(reply);
    this.#advance();
  }

  /** What the coordinator shows of this worker. */
  status(): Pick<
    Extract<WorkerMessage, { type: "heartbeat" }>,
    "queued" | "queued_seconds" | "waiting"
  > {
    const unprepared = this.#leased.size + this.#preparing.size;
    const seconds = this.#batcher.length / this.#options.cutter.sampleRate;
    const waiting = this.#running.size >= MODEL_DEPTH
      ? "model"
      : unprepared > 0
      ? "decode"
      : this.#running.size > 0
      ? "model"
      : "lease";
    return { queued: this.#batcher.size, "queued_seconds": seconds, waiting };
  }

  #advance(): void {
    if (this.#stopping) {
      if (this.#running.size === 0) this.#options.onIdleAfterStop();
      return;
    }
    this.#runBatches();
    this.#feed();
  }

  #feed(): void {
    const room = this.#options.init.limits.queue_seconds * this.#options.cutter.sampleRate;
    while (this.#leased.size > 0 && this.#batcher.length < room) {
      if (!this.#feedOne()) return;
    }
  }

  /** Gives a sample to the least loaded feeder that there is one for; false if there is none. */
  #feedOne(): boolean {
    const feeders = [...this.#options.feeders.entries()]
      .filter(([, { load }]) => load < FEEDER_DEPTH).sort(([, a], [, b]) => a.load - b.load);
    // A model that waits is worse than a row group that is read twice.
    const mayShare = this.#running.size < MODEL_DEPTH;
    for (const [number, feeder] of feeders) {
      const sample = this.#leased.take(number, mayShare);
      if (sample === null) continue;
      this.#preparing.set(sample.idx, sample);
      feeder.post({ type: "prepare", sample });
      return true;
    }
    return false;
  }

  #prepared(reply: Extract<ThreadReply, { type: "prepared" }>): void {
    const { cutter, init } = this.#options;
    const { idx, seconds, numSamples, data, milliseconds: prepareMilliseconds } = reply;
    const sample = this.#preparing.get(idx);
    this.#preparing.delete(idx);
    const reason = filterReason(seconds, {
      minSeconds: sample?.minSeconds ?? init.limits.min_seconds,
      maxSeconds: sample?.maxSeconds ?? init.limits.max_seconds,
    });
    if (reason !== null) {
      return this.#options.send({
        type: "result",
        index: idx,
        status: "filtered",
        reason,
        seconds,
      });
    }
    const window = Math.round(init.limits.window_seconds * cutter.sampleRate);
    const pieces = cutter.cut(data.length, window);
    const progress = { runMilliseconds: 0, ...uncut(pieces) };
    this.#batcher.add({ idx, seconds, numSamples, data, prepareMilliseconds, ...progress });
  }

  #runBatches(): void {
    const { cutter, init, eager } = this.#options;
    const room = init.limits.queue_seconds * cutter.sampleRate;
    while (this.#running.size < MODEL_DEPTH) {
      const alone = this.#alone.shift();
      if (alone !== undefined) {
        this.#run([alone]);
        continue;
      }
      const noMore = this.#preparing.size === 0 && this.#leased.size === 0;
      const partial = eager || noMore || this.#batcher.length >= room;
      const length = init.limits.batch_seconds * cutter.sampleRate;
      const pieces = this.#batcher.take(length, this.#guard.limit, partial);
      if (pieces.length === 0) return;
      this.#run(pieces);
    }
  }

  #run(pieces: readonly QueuedPiece[]): void {
    const first = pieces[0];
    if (first === undefined) return;
    const { length } = pieceOf(first);
    const data = new Float32Array(length * pieces.length);
    pieces.forEach((piece, i) => {
      const { start } = pieceOf(piece);
      data.set(piece.work.data.subarray(start, start + length), i * length);
    });
    const batch = ++this.#batches;
    const size = pieces.length;
    this.#running.set(batch, { pieces, size, length, halvings: this.#halvings });
    this.#halvings = 0;
    this.#options.model.post({ type: "run", batch, data, count: pieces.length }, [data.buffer]);
  }

  #ran(reply: Extract<ThreadReply, { type: "ran" }>): void {
    const batch = this.#takeBatch(reply.batch);
    const { size } = batch;
    this.#guard.held(size);
    this.#options.send({
      type: "batch",
      size,
      padded_seconds: size * batch.length / this.#options.cutter.sampleRate,
      milliseconds: reply.milliseconds,
      halvings: batch.halvings,
    });
    batch.pieces.forEach(({ work, number }, i) => {
      work.results[number] = reply.results[i];
      work.runMilliseconds += reply.milliseconds / size;
      if (--work.missing === 0 && !work.abandoned) this.#answer(work);
    });
  }

  #unrun(reply: Extract<ThreadReply, { type: "unrun" }>): void {
    const batch = this.#takeBatch(reply.batch);
    const { message } = reply;
    const kind = this.#options.cutter.classify(message);
    this.#halvings += batch.halvings;
    // Another piece of the same sample may have failed while this batch was in the model.
    const pieces = batch.pieces.filter(({ work }) => !work.abandoned);
    if (kind === "device_lost") this.#options.onDeviceLost(message);
    else if (kind === "out_of_memory") this.#outOfMemory({ ...batch, pieces }, message);
    else if (batch.pieces.length > 1) this.#alone.push(...pieces);
    else pieces.forEach(({ work }) => this.#failWork(work, "model_error", message));
  }

  #outOfMemory({ pieces, length, size }: Batch, message: string): void {
    this.#halvings++;
    if (this.#guard.halve(size) !== null) return this.#batcher.putBack(pieces);
    for (const { work } of pieces) {
      if (!this.#cutSmaller(work, length)) this.#failWork(work, "out_of_memory", message);
    }
  }

  /** Cuts a sample that does not fit into windows of half the length, if that changes no token. */
  #cutSmaller(work: Work, length: number): boolean {
    const { minWindow } = this.#options.cutter;
    const window = Math.max(minWindow ?? Infinity, Math.floor(length / 2));
    if (window >= length) return false;
    this.#abandon(work);
    const pieces = this.#options.cutter.cut(work.data.length, window);
    this.#batcher.add({ ...work, ...uncut(pieces) });
    return true;
  }

  #failWork(work: Work, reason: "model_error" | "out_of_memory", message: string): void {
    this.#abandon(work);
    const seconds = work.seconds.toFixed(2);
    const detail = `Cannot run the model on ${seconds} s of audio: ${message}`;
    this.#fail(work.idx, "run", reason, detail, reason === "out_of_memory");
  }

  #abandon(work: Work): void {
    work.abandoned = true;
    this.#batcher.drop(work);
    this.#alone = this.#alone.filter((piece) => piece.work !== work);
  }

  #answer(work: Work): void {
    const { idx, seconds, numSamples, pieces, results, data } = work;
    const output = this.#options.cutter.join(
      { dataLength: data.length, numSamples },
      pieces,
      results,
    );
    const milliseconds = { prepare: work.prepareMilliseconds, run: work.runMilliseconds };
    this.#options.send({ type: "result", index: idx, status: "ok", output, seconds, milliseconds });
  }

  #fail(
    index: number,
    stage: "prepare" | "run",
    reason: Extract<WorkerMessage, { status: "failed" }>["reason"],
    detail: string,
    retry: boolean,
  ): void {
    this.#options.send({ type: "result", index, status: "failed", stage, reason, detail, retry });
  }

  #takeBatch(number: number): Batch {
    const batch = this.#running.get(number);
    if (batch === undefined) {
      throw new RangeError(`Cannot take the answer for batch ${number}: it is not running`);
    }
    this.#running.delete(number);
    return batch;
  }
}

/** The state of a sample of whose pieces none has a result. */
function uncut(
  pieces: readonly Piece[],
): Pick<Work, "pieces" | "results" | "missing" | "abandoned"> {
  return { pieces, results: [], missing: pieces.length, abandoned: false };
}
