/**
 * One device's place in the run: a worker process, and the next one when it dies.
 *
 * @module
 */
import type { Device } from "../devices.ts";
import { messageOf } from "../errors.ts";
import {
  type InitMessage,
  parseMessage,
  type ResultMessage,
  type WorkerCommand,
  type WorkerMessage,
} from "../protocol/messages.ts";
import type { Clock } from "../clock.ts";
import type { PendingSample } from "./dispatcher.ts";
import type { WorkerView } from "./events.ts";
import { Rate } from "./rate.ts";
import type { WorkerExit, WorkerProcess, WorkerSpawner } from "./worker_process.ts";

/** How a worker's life ended. */
export interface Death {
  /** For people: `was killed by SIGSEGV`. */
  readonly cause: string;
  readonly kind: "crashed" | "killed" | "stalled" | "protocol";
  /** Samples it held and had not answered. */
  readonly unanswered: readonly PendingSample[];
  /** Whether it had said `ready`. */
  readonly wasReady: boolean;
  /** Whether it had answered any sample. */
  readonly answered: boolean;
  readonly logTail: string;
}

/** What a slot tells its supervisor. */
export interface SlotListener {
  onStarted(slot: WorkerSlot, pid: number): void;
  onMessage(
    slot: WorkerSlot,
    message: Exclude<WorkerMessage, ResultMessage>,
  ): void;
  /** An answer for a sample that the worker holds. */
  onResult(
    slot: WorkerSlot,
    message: ResultMessage,
    sample: PendingSample,
  ): void;
  /** An answer for a sample that the worker does not hold. */
  onStrayResult(slot: WorkerSlot, message: ResultMessage): void;
}

/** What a slot needs. */
export interface SlotOptions {
  readonly name: string;
  readonly device: Device;
  readonly spawner: WorkerSpawner;
  readonly clock: Clock;
  readonly init: InitMessage;
  readonly listener: SlotListener;
  /** Seconds without an answer after which a worker is stuck, before what its audio adds. */
  readonly stallSeconds: number;
}

/** Seconds a worker may take to load its model. */
const READY_SECONDS = 300;
/** Seconds without a heartbeat, which comes every second, after which a worker is stuck. */
const HEARTBEAT_SECONDS = 60;
/** How much slower than its own measured speed a worker may get. */
const PATIENCE = 8;
/** Speed taken for a worker that has answered nothing yet: a tenth of real time. */
const SLOWEST_RATE = 0.1;

/** Of a worker that has not said anything yet. */
const NO_BEAT = { queued: 0, resident: 0, waiting: "nothing" } as const;

/** A worker process at a time, with what it holds. */
export class WorkerSlot {
  readonly name: string;
  readonly device: Device;
  state: WorkerView["state"] = "starting";
  readonly outstanding = new Map<number, PendingSample>();
  outstandingSeconds = 0;
  /** Set while it holds suspects; nothing else is given to it then. */
  holdsSuspects = false;
  samples = 0;
  audioSeconds = 0;
  readonly audioRate = new Rate();
  readonly sampleRate = new Rate();
  #options: SlotOptions;
  #process: WorkerProcess | null = null;
  #ready = false;
  #answered = false;
  #verdict: { kind: "stalled" | "protocol"; cause: string } | null = null;
  #lastAnswer = 0;
  #lastHeard = 0;
  #lastBeat: Pick<WorkerView, "queued" | "resident" | "waiting"> = NO_BEAT;
  #leases = 0;

  constructor(options: SlotOptions) {
    this.#options = options;
    this.name = options.name;
    this.device = options.device;
  }

  /** Whether it can be given samples; a worker that is being ended cannot. */
  get isReady(): boolean {
    return this.#ready && this.#verdict === null;
  }

  /** Runs one process from start to end; null if it ended as told, with nothing unanswered. */
  async live(): Promise<Death | null> {
    const { clock, spawner, listener } = this.#options;
    this.#ready = this.#answered = this.holdsSuspects = false;
    this.#verdict = null;
    this.#lastBeat = NO_BEAT;
    this.state = "starting";
    this.#lastHeard = this.#lastAnswer = clock.now();
    const process = this.#process = spawner.spawn(this.name, this.device);
    listener.onStarted(this, process.pid);
    this.#send(this.#options.init);
    using _watch = clock.every(250, () => this.#checkDeadlines());
    await this.#readAnswers(process);
    const exit = await process.exited;
    this.#process = null;
    return this.#post(exit, process);
  }

  /** Hands samples to the worker; the number of the lease. */
  lease(samples: readonly PendingSample[], suspect: boolean): number {
    if (this.outstanding.size === 0) {
      this.#lastAnswer = this.#options.clock.now();
    }
    for (const sample of samples) {
      this.outstanding.set(sample.idx, sample);
      this.outstandingSeconds += sample.seconds;
    }
    this.holdsSuspects = suspect;
    this.state = "working";
    const lease = ++this.#leases;
    this.#send({
      type: "lease",
      lease,
      indices: samples.map((sample) => sample.idx),
    });
    return lease;
  }

  /** Asks the worker to finish what is in flight and to end. */
  stop(): void {
    this.#send({ type: "stop" });
  }

  /** Ends the worker at once. */
  kill(): void {
    this.#process?.kill();
  }

  /** For the live view. */
  view(now: number): WorkerView {
    const { name, state, samples, audioSeconds } = this;
    const rate = this.audioRate.perSecond(now);
    // The last heartbeat may be older than the last answer.
    const beat = this.outstanding.size > 0 ? this.#lastBeat : { ...this.#lastBeat, queued: 0 };
    return { name, state, samples, audioSeconds, rate, ...beat };
  }

  #send(command: WorkerCommand): void {
    this.#process?.send(JSON.stringify(command));
  }

  async #readAnswers(process: WorkerProcess): Promise<void> {
    try {
      for await (const lines of process.lines) {
        for (const line of lines) this.#hear(parseMessage(line));
      }
    } catch (error) {
      // A broken line ends the worker, not the run.
      this.#condemn("protocol", `broke the protocol: ${messageOf(error)}`);
    }
  }

  #hear(message: WorkerMessage): void {
    const { clock, listener } = this.#options;
    const now = clock.now();
    this.#lastHeard = now;
    if (message.type === "heartbeat") {
      const { queued, resident, waiting } = message;
      this.#lastBeat = { queued, resident, waiting };
    } else this.#lastAnswer = now;
    if (message.type === "ready") {
      this.#ready = true;
      this.state = "idle";
    }
    if (message.type !== "result") return listener.onMessage(this, message);

    const sample = this.outstanding.get(message.index);
    if (sample === undefined) return listener.onStrayResult(this, message);
    this.outstanding.delete(message.index);
    this.outstandingSeconds -= sample.seconds;
    this.#answered = true;
    if (this.outstanding.size === 0) {
      this.outstandingSeconds = 0;
      this.holdsSuspects = false;
      this.state = "idle";
    }
    if (message.status === "ok") this.#count(message.seconds, now);
    listener.onResult(this, message, sample);
  }

  #count(seconds: number, now: number): void {
    this.samples++;
    this.audioSeconds += seconds;
    this.audioRate.add(seconds, now);
    this.sampleRate.add(1, now);
  }

  #checkDeadlines(): void {
    const now = this.#options.clock.now();
    if (
      now - this.#lastHeard >
        1000 * (this.#ready ? HEARTBEAT_SECONDS : READY_SECONDS)
    ) {
      const waited = Math.round((now - this.#lastHeard) / 1000);
      return this.#condemn("stalled", `said nothing for ${waited} s`);
    }
    if (this.outstanding.size === 0) return;
    const rate = Math.max(
      SLOWEST_RATE,
      this.audioRate.perSecond(now) / PATIENCE,
    );
    const allowed = this.#options.stallSeconds + this.#longestSeconds() / rate;
    if (now - this.#lastAnswer > 1000 * allowed) {
      this.#condemn("stalled", `answered nothing for ${Math.round(allowed)} s`);
    }
  }

  /** An answer is due after the longest sample it may be working on, not after all of them. */
  #longestSeconds(): number {
    let longest = 0;
    for (const { seconds } of this.outstanding.values()) {
      longest = Math.max(longest, seconds);
    }
    return longest;
  }

  #condemn(kind: "stalled" | "protocol", cause: string): void {
    this.#verdict ??= { kind, cause };
    this.#process?.kill();
  }

  #post(exit: WorkerExit, process: WorkerProcess): Death | null {
    const unanswered = [...this.outstanding.values()];
    this.outstanding.clear();
    this.outstandingSeconds = 0;
    const ended = this.#verdict === null && exit.code === 0 &&
      exit.signal === null;
    if (ended && unanswered.length === 0 && this.#ready) return null;
    const wasReady = this.#ready;
    this.#ready = false;
    const common = {
      unanswered,
      wasReady,
      answered: this.#answered,
      logTail: process.logTail(),
    };
    if (this.#verdict !== null) return { ...common, ...this.#verdict };
    if (exit.signal === null) {
      return {
        ...common,
        kind: "crashed",
        cause: `ended with code ${exit.code}`,
      };
    }
    const kind = exit.signal === "SIGKILL" ? "killed" : "crashed";
    return { ...common, kind, cause: `was killed by ${exit.signal}` };
  }
}
