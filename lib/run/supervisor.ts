/**
 * Every worker of a run: what its answers and its death mean, when it is over.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { DeviceError, type FailureReason, SpeechmillError } from "../errors.ts";
import type { ResultMessage, WorkerMessage } from "../protocol/messages.ts";
import { DeviceHealth } from "./device_health.ts";
import type { Dispatcher, PendingSample } from "./dispatcher.ts";
import type { RunEvent } from "./events.ts";
import type { JobStage } from "./job.ts";
import { recordAttempt, type Recorder } from "./recorder.ts";
import { Leasing } from "./leasing.ts";
import type { Ledger } from "./ledger.ts";
import { Preflight } from "./preflight.ts";
import type { Death, SlotListener, WorkerSlot } from "./worker_slot.ts";

/** What the supervisor needs. */
export interface SupervisorOptions {
  readonly ledger: Ledger;
  readonly dispatcher: Dispatcher;
  readonly recorder: Recorder;
  readonly stage: JobStage;
  readonly clock: Clock;
  /** Further tries of a sample that failed in a way that may pass. */
  readonly maxRetries: number;
  readonly emit: (event: RunEvent) => void;
  /** Called when outcomes are waiting in the recorder. */
  readonly onOutcome: () => void;
  /** Called when a worker has nothing to do before another block is here. */
  readonly onStarved: () => void;
}

/** SIGKILL comes from outside as a rule, so a sample is blamed for it later than for a crash. */
const EXTRA_KILLS = 3;

/** Keeps the workers of a run alive, and judges them. */
export class Supervisor implements SlotListener {
  #options: SupervisorOptions;
  #stop = new AbortController();
  #finished = false;
  #stopping = false;
  #preflight = new Preflight();
  #leasing: Leasing;
  #lastDeath: Death | null = null;
  #fatal: unknown = null;
  halvings = 0;
  restarts = 0;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#leasing = new Leasing({ ...options, preflight: this.#preflight });
  }

  /** Workers, for the live view. */
  get slots(): readonly WorkerSlot[] {
    return this.#leasing.slots;
  }

  /** The files of the samples that workers hold. */
  get heldBlocks(): ReadonlySet<string> {
    const samples = this.slots.flatMap(({ outstanding }) => [...outstanding.values()]);
    return new Set(samples.flatMap(({ block }) => block ?? []));
  }

  /**
   * Runs the workers until nothing is pending or `stop` was called.
   *
   * @throws {DeviceError} If every device was given up while samples are still pending.
   * @throws {SpeechmillError} If the first samples show that the model cannot do the work.
   */
  async run(slots: readonly WorkerSlot[]): Promise<void> {
    this.#leasing.slots = slots;
    const lives = slots.map((slot, i) =>
      // None of the others may outlive a worker that cannot even be started.
      this.#keepAlive(slot, i === 0).catch((error: unknown) => this.#giveUp(error))
    );
    await Promise.all(lives);
    if (this.#fatal !== null) throw this.#fatal;
    if (this.#finished || this.#stopping) return;
    throw new DeviceError(
      `Cannot go on: every worker was given up; the last one ${
        this.#lastDeath?.cause ?? "never started"
      }:\n` +
        `${this.#lastDeath?.logTail ?? ""}\n` +
        "What was done is kept: mend the cause, then resume the run",
    );
  }

  /** Nothing is pending any more: the workers may go. */
  finish(): void {
    this.#finished = true;
    this.#end();
  }

  /** Stops leasing and lets batches in flight finish; called again, ends the workers at once. */
  stop(): void {
    if (this.#stopping) this.slots.forEach((slot) => slot.kill());
    this.#stopping = true;
    this.#end();
  }

  /** As `stop`, but `run` throws this error when the workers have ended. */
  fail(error: unknown): void {
    this.#fatal ??= error;
    this.#stopping = true;
    this.#end();
  }

  /** Gives every worker what it may hold: more can be leased than before. */
  feed(): void {
    this.#leasing.feedAll();
  }

  onStarted(slot: WorkerSlot, pid: number): void {
    this.#options.emit({ type: "worker_started", worker: slot.name, pid });
  }

  onMessage(
    slot: WorkerSlot,
    message: Exclude<WorkerMessage, ResultMessage>,
  ): void {
    if (message.type === "ready") this.#welcome(slot, message);
    else if (message.type === "batch") {
      const { size, padded_seconds: paddedSeconds, milliseconds, halvings } = message;
      this.halvings += halvings;
      this.#options.emit({
        type: "batch",
        worker: slot.name,
        size,
        paddedSeconds,
        milliseconds,
        halvings,
      });
    }
  }

  onResult(
    slot: WorkerSlot,
    message: ResultMessage,
    sample: PendingSample,
  ): void {
    let succeeded = false;
    if (message.status === "ok") succeeded = this.#accept(message);
    else if (message.status === "filtered") {
      this.#options.recorder.add({
        kind: "filtered",
        idx: message.index,
        reason: message.reason,
      });
    } else this.#fail(slot, message, sample);
    const waited = !this.#preflight.passed;
    this.#preflight.judge(succeeded);
    this.#options.onOutcome();
    if (waited && this.#preflight.passed) this.#leasing.feedAll();
    else this.#leasing.feed(slot);
  }

  onStrayResult(slot: WorkerSlot, message: ResultMessage): void {
    const warning =
      `Worker ${slot.name} answered sample ${message.index}, which it does not hold: the answer is ignored`;
    this.#options.emit({ type: "warning", message: warning });
  }

  async #keepAlive(slot: WorkerSlot, first: boolean): Promise<void> {
    // One device proves that model and data fit before the others are touched; workers on the
    // CPU start together, but wait for their first lease.
    if (!first && slot.device.provider !== "cpu") await this.#preflight.gate;
    const health = new DeviceHealth();
    while (!this.#finished && !this.#stopping) {
      const death = await slot.live();
      if (this.#finished || this.#stopping) break;
      if (death === null) continue;
      const retire = health.count(death);
      this.#bury(slot, death, retire);
      if (retire) return this.#retire(slot, death);
      slot.state = "restarting";
      this.restarts++;
      await this.#options.clock.sleep(health.backOff, this.#stop.signal);
    }
    slot.state = "stopped";
  }

  #welcome(
    slot: WorkerSlot,
    message: Extract<WorkerMessage, { type: "ready" }>,
  ): void {
    const expected = this.#options.stage.modelDigest;
    if (message.model !== expected) {
      this.#giveUp(
        new SpeechmillError(
          `Cannot use worker ${slot.name}: it loaded a model with digest ${message.model}, the run was planned with ${expected}`,
        ),
      );
      return;
    }
    const { device, provider, memory } = message;
    this.#options.emit({
      type: "worker_ready",
      worker: slot.name,
      device,
      provider,
      memory,
    });
    this.#leasing.feed(slot);
  }

  /** Whether the answer can be used; a device that computes nonsense proves nothing. */
  #accept(message: Extract<ResultMessage, { status: "ok" }>): boolean {
    const { index: idx, output, seconds } = message;
    const fault = this.#options.stage.check(output);
    if (fault === null) this.#options.recorder.add({ kind: "done", idx, seconds, output });
    else this.#quarantine(idx, "run", "bad_output", fault, 1);
    return fault === null;
  }

  #fail(
    slot: WorkerSlot,
    message: Extract<ResultMessage, { status: "failed" }>,
    sample: PendingSample,
  ): void {
    const { index: idx, stage, reason, detail, retry } = message;
    const attempts = this.#attempt(idx, slot, reason, detail);
    if (!retry || attempts > this.#options.maxRetries) {
      return this.#quarantine(idx, stage, reason, detail, attempts);
    }
    this.#options.emit({ type: "retry", id: this.#idOf(idx), reason, detail });
    this.#options.dispatcher.giveBack([sample]);
  }

  /** What a death means for the samples that were held: halve them, or blame the one. */
  #bury(slot: WorkerSlot, death: Death, retire: boolean): void {
    const { emit, dispatcher } = this.#options;
    this.#lastDeath = death;
    const { cause, unanswered } = death;
    emit({
      type: "worker_exited",
      worker: slot.name,
      cause,
      unanswered: unanswered.length,
    });
    const only = unanswered[0];
    if (retire) dispatcher.giveBack(unanswered);
    else if (unanswered.length === 1 && only !== undefined) {
      this.#blame(slot, death, only);
    } else {
      const half = Math.ceil(unanswered.length / 2);
      dispatcher.suspect(unanswered.slice(half));
      dispatcher.suspect(unanswered.slice(0, half));
    }
    this.#leasing.feedAll();
  }

  #blame(slot: WorkerSlot, death: Death, sample: PendingSample): void {
    const attempts = this.#attempt(sample.idx, slot, death.kind, death.cause);
    const allowed = this.#options.maxRetries +
      (death.kind === "killed" ? EXTRA_KILLS : 0);
    if (attempts <= allowed) return this.#options.dispatcher.suspect([sample]);
    const reason = death.kind === "stalled" ? "worker_stalled" : "worker_crashed";
    const hint = death.kind === "killed" ? ": the kernel does so when memory runs out" : "";
    const detail =
      `Cannot finish the sample: the worker that held it alone ${death.cause}, ${attempts} times${hint}`;
    this.#quarantine(sample.idx, "run", reason, detail, attempts);
    this.#options.onOutcome();
  }

  #retire(slot: WorkerSlot, death: Death): void {
    slot.state = "retired";
    this.#options.emit({
      type: "worker_retired",
      worker: slot.name,
      cause: `${death.cause}: ${lastLine(death.logTail)}`,
    });
    // Another device may do better with the proof that this one did not give.
    this.#preflight.open();
    this.#leasing.feedAll();
  }

  #attempt(
    idx: number,
    slot: WorkerSlot,
    outcome: string,
    detail: string,
  ): number {
    const { ledger, clock } = this.#options;
    return recordAttempt(ledger, {
      idx,
      worker: slot.name,
      outcome,
      detail,
      at: clock.now(),
    });
  }

  #quarantine(
    idx: number,
    stage: "prepare" | "run",
    reason: FailureReason,
    detail: string,
    attempts: number,
  ): void {
    const record = () =>
      this.#options.recorder.add({ kind: "quarantined", idx, stage, reason, detail, attempts });
    if (this.#preflight.passed || stage === "prepare") return record();
    if (!this.#preflight.hold(record)) return;
    this.#giveUp(
      new SpeechmillError(
        `Cannot start the run: the first samples all failed in the model: ${detail}`,
      ),
    );
  }

  #giveUp(error: unknown): void {
    this.fail(error);
    this.slots.forEach((slot) => slot.kill());
  }

  #end(): void {
    this.#leasing.end();
    this.#stop.abort();
    this.#preflight.open();
    this.slots.forEach((slot) => slot.stop());
  }

  #idOf(idx: number): string {
    return this.#options.ledger.get<{ id: string }>(
      "SELECT id FROM sample WHERE idx = ?",
      idx,
    )?.id ?? String(idx);
  }
}

function lastLine(log: string): string {
  return log.trimEnd().split("\n").at(-1) ?? "";
}
