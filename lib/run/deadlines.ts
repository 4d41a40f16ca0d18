/**
 * When a worker counts as stuck.
 *
 * @module
 */
import type { Clock } from "../clock.ts";

/** Seconds a worker may take to load its model. */
const READY_SECONDS = 300;
/** Seconds without a heartbeat, which comes every second, after which a worker is stuck. */
const HEARTBEAT_SECONDS = 60;
/** Seconds in which SIGKILL ends a process that no driver holds. */
const KILL_SECONDS = 60;
/** How much slower than its own measured speed a worker may get. */
const PATIENCE = 8;
/** Speed taken for a worker that has answered nothing yet: a tenth of real time. */
const SLOWEST_RATE = 0.1;
/** Milliseconds that one look counts for at most. */
const LONGEST_LOOK = 5000;

/** What a worker has in hand. */
export interface Load {
  readonly ready: boolean;
  readonly holdsSamples: boolean;
  /** Audio seconds of its longest sample. */
  readonly longestSeconds: number;
  /** Audio seconds per second that it does. */
  readonly rate: number;
}

/**
 * The deadlines of one worker. They run while we look, not by the wall clock: a coordinator that
 * was suspended itself, or a clock that was set, must not end healthy workers.
 */
export class Deadlines {
  #clock: Clock;
  #stallSeconds: number;
  #watched = 0;
  #lastLook = 0;
  #lastHeard = 0;
  #lastAnswer = 0;
  #condemned: number | null = null;

  constructor(clock: Clock, stallSeconds: number) {
    this.#clock = clock;
    this.#stallSeconds = stallSeconds;
  }

  /** A new process begins. */
  start(): void {
    this.#lastLook = this.#clock.now();
    this.#condemned = null;
    this.heard();
    this.answered();
  }

  /** It said something. */
  heard(): void {
    this.#lastHeard = this.#watched;
  }

  /** It got on with its work, or was given the first of it. */
  answered(): void {
    this.#lastAnswer = this.#watched;
  }

  /** It is being ended. */
  condemned(): void {
    this.#condemned ??= this.#watched;
  }

  /** Lets time pass; to be called several times a second. */
  look(): void {
    const now = this.#clock.now();
    this.#watched += Math.min(LONGEST_LOOK, Math.max(0, now - this.#lastLook));
    this.#lastLook = now;
  }

  /** What the worker failed to do in time; null if it is well. */
  missed(load: Load): string | null {
    const silent = this.#watched - this.#lastHeard;
    if (silent > 1000 * (load.ready ? HEARTBEAT_SECONDS : READY_SECONDS)) {
      return `said nothing for ${Math.round(silent / 1000)} s`;
    }
    if (!load.holdsSamples) return null;
    const rate = Math.max(SLOWEST_RATE, load.rate / PATIENCE);
    const allowed = this.#stallSeconds + load.longestSeconds / rate;
    if (this.#watched - this.#lastAnswer <= 1000 * allowed) return null;
    return `answered nothing for ${Math.round(allowed)} s`;
  }

  /** Whether it was to be ended so long ago that it cannot be. */
  get undying(): boolean {
    return this.#condemned !== null && this.#watched - this.#condemned > 1000 * KILL_SECONDS;
  }
}
