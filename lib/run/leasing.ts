/**
 * Who is given what: keeps every worker supplied, from the first sample that proves the model to
 * the last ones, which are shared out finely.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { Dispatcher, Grant, GrantSize } from "./dispatcher.ts";
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
  /** Called when a worker could be given more if another block were here. */
  readonly onStarved: () => void;
}

const ONE_SAMPLE: GrantSize = { seconds: 0, samples: 1 };

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
    if (slot.isWornOut) {
      // What it holds it may finish; then the next process takes its place.
      if (slot.outstanding.size === 0) slot.stop();
      return;
    }
    if (slot.isInDoubt && this.#feedProof(slot)) return;
    while (true) {
      const { ahead, lease } = this.#sizes(slot);
      if (slot.outstandingSeconds >= ahead.seconds) return;
      if (slot.outstanding.size >= ahead.samples) return;
      if (!this.#lease(slot, lease)) {
        this.#tellIfStarved();
        return;
      }
      if (slot.holdsSuspects) return;
    }
  }

  /** One sample at a time until one went through, or none is left to try. */
  #feedFirst(slot: WorkerSlot): void {
    if (this.slots.some((other) => other.outstanding.size > 0)) return;
    if (this.#lease(slot, ONE_SAMPLE) || this.#tellIfStarved()) return;
    this.#options.preflight.pass();
    this.#options.onOutcome();
  }

  /**
   * One sample that nothing speaks against, before it gets suspects again: an answer shows that
   * the samples kill their workers, and not the device. False if there is nothing to prove.
   */
  #feedProof(slot: WorkerSlot): boolean {
    const { dispatcher, onStarved } = this.#options;
    if (!dispatcher.hasSuspects) return false;
    if (slot.outstanding.size > 0) return true;
    const grant = dispatcher.next(ONE_SAMPLE, false);
    if (grant !== null) this.#grant(slot, grant);
    else if (dispatcher.isWaiting) onStarved();
    else return false;
    return true;
  }

  /** Whether more can be leased when another block is here. */
  #tellIfStarved(): boolean {
    const { dispatcher, onStarved } = this.#options;
    if (!dispatcher.isStarved) return false;
    onStarved();
    return true;
  }

  #lease(slot: WorkerSlot, size: GrantSize): boolean {
    const grant = this.#options.dispatcher.next(size, slot.outstanding.size === 0);
    if (grant === null) return false;
    this.#grant(slot, grant);
    return true;
  }

  #grant(slot: WorkerSlot, { samples, suspect }: Grant): void {
    const lease = slot.lease(samples, suspect);
    this.#options.emit({
      type: "lease",
      worker: slot.name,
      lease,
      samples: samples.length,
      suspect,
    });
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
