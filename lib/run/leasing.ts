/**
 * Who is given what: keeps every worker supplied, from the first sample that proves the model to
 * the last ones, which are shared out finely.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { Dispatcher, GrantSize } from "./dispatcher.ts";
import type { RunEvent } from "./events.ts";
import { type LeaseSizes, leaseSizes } from "./lease_size.ts";
import type { Preflight } from "./preflight.ts";
import type { WorkerSlot } from "./worker_slot.ts";

/** What leasing needs. */
export interface LeasingOptions {
  readonly dispatcher: Dispatcher;
  readonly preflight: Preflight;
  readonly clock: Clock;
  readonly emit: (event: RunEvent) => void;
  /** Called when failures that were held back now count. */
  readonly onOutcome: () => void;
}

/** Hands samples to the workers of a run. */
export class Leasing {
  /** The workers; set when they are known. */
  slots: readonly WorkerSlot[] = [];
  #options: LeasingOptions;
  #over = false;

  constructor(options: LeasingOptions) {
    this.#options = options;
  }

  /** Nothing is handed out any more. */
  end(): void {
    this.#over = true;
  }

  /** Gives every worker what it may hold. */
  feedAll(): void {
    this.slots.forEach((slot) => this.feed(slot));
  }

  /** Gives a worker what it may hold. */
  feed(slot: WorkerSlot): void {
    if (!slot.isReady || this.#over || slot.holdsSuspects) return;
    if (!this.#options.preflight.passed) return this.#feedFirst(slot);
    while (true) {
      const { ahead, lease } = this.#sizes(slot);
      if (slot.outstandingSeconds >= ahead.seconds) return;
      if (slot.outstanding.size >= ahead.samples) return;
      if (!this.#lease(slot, lease) || slot.holdsSuspects) return;
    }
  }

  /** One sample at a time until one went through, or none is left to try. */
  #feedFirst(slot: WorkerSlot): void {
    if (this.slots.some((other) => other.outstanding.size > 0)) return;
    if (this.#lease(slot, { seconds: 0, samples: 1 })) return;
    this.#options.preflight.pass();
    this.#options.onOutcome();
  }

  #lease(slot: WorkerSlot, size: GrantSize): boolean {
    const grant = this.#options.dispatcher.next(size, slot.outstanding.size === 0);
    if (grant === null) return false;
    const { samples, suspect } = grant;
    const lease = slot.lease(samples, suspect);
    this.#options.emit({
      type: "lease",
      worker: slot.name,
      lease,
      samples: samples.length,
      suspect,
    });
    return true;
  }

  #sizes(slot: WorkerSlot): LeaseSizes {
    const now = this.#options.clock.now();
    const active = this.slots.filter(({ state }) => state !== "retired");
    return leaseSizes({
      audioRate: slot.audioRate.perSecond(now),
      sampleRate: slot.sampleRate.perSecond(now),
      unleased: this.#options.dispatcher.unleased,
      held: active.reduce((sum, { outstanding }) => sum + outstanding.size, 0),
      workers: active.length,
    });
  }
}
