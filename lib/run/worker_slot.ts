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
import { Deadlines } from "./deadlines.ts";
import type { PendingSample } from "./dispatcher.ts";
import type { WorkerView } from "./events.ts";
import { Rate } from "./rate.ts";
import { Wear } from "./wear.ts";
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
  /** Whether its process is gone: one stuck in a driver outlives even SIGKILL. */
  readonly gone: boolean;
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
  /** Whether its last worker died without an answer, and this one has not answered yet. */
  isInDoubt = false;
  samples = 0;
  audioSeconds = 0;
  readonly audioRate = new Rate();
  readonly sampleRate = new Rate();
  #options: SlotOptions;
  #process: WorkerProcess | null = null;
  #ready = false;
  #answered = false;
  /** Whether it was told to end. */
  #told = false;
  /** Whether it may still say something. */
  #listening = false;
  #verdict: { kind: "stalled" | "protocol"; cause: string } | null = null;
  #deadlines: Deadlines;
  #wear = new Wear();
  #lastBeat: Pick<WorkerView, "queued" | "resident" | "waiting"> = NO_BEAT;
  #leases = 0;

  constructor(options: SlotOptions) {
    this.#options = options;
    this.name = options.name;
    this.device = options.device;
    this.#deadlines = new Deadlines(options.clock, options.stallSeconds);
  }

  /** Whether it can be given samples; a worker that is being ended cannot. */
  get isReady(): boolean {
    return this.#ready && this.#listening && !this.#told && this.#verdict === null;
  }

  /** Whether it has grown so much that a fresh process is better. */
  get isWornOut(): boolean {
    return this.#wear.isOut;
  }

  /**
   * Runs one process from start to end; null if it ended as told, with nothing unanswered.
   *
   * @throws What the listener throws: a fault of our own side, not of the worker.
   */
  async live(): Promise<Death | null> {
    const { clock, spawner, listener } = this.#options;
    this.#ready =
      this.#answered =
      this.#told =
      this.holdsSuspects =
        false;
    this.#verdict = null;
    this.#listening = true;
    this.#lastBeat = NO_BEAT;
    this.#wear = new Wear();
    this.state = "starting";
    this.#deadlines.start();
    const process = this.#process = spawner.spawn(this.name, this.device);
    listener.onStarted(this, process.pid);
    this.#send(this.#options.init);
    const undying = Promise.withResolvers<null>();
    using _watch = clock.every(250, () => this.#checkDeadlines(() => undying.resolve(null)));
    const exit = await Promise.race([this.#follow(process), undying.promise]);
    this.#process = null;
    return this.#post(exit, process);
  }

  /** Hands samples to the worker; the number of the lease. */
  lease(samples: readonly PendingSample[], suspect: boolean): number {
    if (this.outstanding.size === 0) this.#deadlines.answered();
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
    this.#told = true;
    // Whoever still loads the model has nothing to finish.
    if (this.#ready) this.#send({ type: "stop" });
    else this.kill();
  }

  /** Ends the worker at once. */
  kill(): void {
    this.#deadlines.condemned();
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

  async #follow(process: WorkerProcess): Promise<WorkerExit> {
    try {
      for await (const message of this.#messages(process)) this.#hear(message);
    } catch (error) {
      process.kill();
      await process.exited;
      throw error;
    }
    // It is dying: what it were leased now would be suspected of a death that it never saw.
    this.#listening = false;
    return await process.exited;
  }

  /** Its messages, up to the first broken line: that one ends the worker, not the run. */
  async *#messages(process: WorkerProcess): AsyncGenerator<WorkerMessage, void> {
    try {
      for await (const lines of process.lines) {
        for (const line of lines) yield parseMessage(line);
      }
    } catch (error) {
      this.#condemn("protocol", `broke the protocol: ${messageOf(error)}`);
    }
  }

  #hear(message: WorkerMessage): void {
    const { clock, listener } = this.#options;
    const now = clock.now();
    this.#deadlines.heard();
    if (message.type === "heartbeat") {
      const { queued, resident, waiting } = message;
      this.#lastBeat = { queued, resident, waiting };
      this.#wear.measured(resident);
    } else if (message.type !== "result") this.#deadlines.answered();
    if (message.type === "ready") {
      this.#ready = true;
      this.state = "idle";
    }
    if (message.type !== "result") return listener.onMessage(this, message);

    const sample = this.outstanding.get(message.index);
    // A worker that says the same for ever does no work.
    if (sample === undefined) return listener.onStrayResult(this, message);
    this.#deadlines.answered();
    this.outstanding.delete(message.index);
    this.outstandingSeconds -= sample.seconds;
    this.#answered = true;
    this.#wear.answered();
    this.isInDoubt = false;
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

  #checkDeadlines(abandon: () => void): void {
    const deadlines = this.#deadlines;
    deadlines.look();
    if (deadlines.undying) return abandon();
    const missed = deadlines.missed({
      ready: this.#ready,
      holdsSamples: this.outstanding.size > 0,
      longestSeconds: this.#longestSeconds(),
      rate: this.audioRate.perSecond(this.#options.clock.now()),
    });
    if (missed !== null) this.#condemn("stalled", missed);
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
    this.#deadlines.condemned();
    this.#process?.kill();
  }

  #post(exit: WorkerExit | null, process: WorkerProcess): Death | null {
    const unanswered = [...this.outstanding.values()];
    this.outstanding.clear();
    this.outstandingSeconds = 0;
    const ended = this.#told && this.#verdict === null && exit?.code === 0;
    if (ended && unanswered.length === 0 && this.#ready) return null;
    const wasReady = this.#ready;
    this.#ready = false;
    this.isInDoubt = !this.#answered;
    const common = {
      unanswered,
      wasReady,
      answered: this.#answered,
      gone: exit !== null,
      logTail: process.logTail(),
    };
    if (exit === null || this.#verdict !== null) return { ...common, ...this.#verdictOn(exit) };
    const { code, signal } = exit;
    if (signal === null) return { ...common, kind: "crashed", cause: `ended with code ${code}` };
    const kind = signal === "SIGKILL" ? "killed" : "crashed";
    return { ...common, kind, cause: `was killed by ${signal}` };
  }

  #verdictOn(exit: WorkerExit | null): { kind: "stalled" | "protocol"; cause: string } {
    const { kind, cause } = this.#verdict ?? { kind: "stalled", cause: "was to be ended" };
    return { kind, cause: exit === null ? `${cause}, and cannot be killed` : cause };
  }
}
