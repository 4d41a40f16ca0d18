/**
 * Where a run stands, counted as it goes.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { Progress, RunEvent, WorkerView } from "./events.ts";
import { Rate } from "./rate.ts";
import type { Outcome } from "./recorder.ts";
import type { Summary } from "./summary.ts";
import type { WorkerSlot } from "./worker_slot.ts";

/** Counts outcomes and answers how far, how fast, and how long still. */
export class ProgressMeter {
  #clock: Clock;
  #start: Summary;
  #startedAt: number;
  #done: number;
  #quarantined: number;
  #filtered: number;
  #audioSeconds: number;
  #shardsSealed: number;
  #samples = new Rate();
  #audio = new Rate();
  #waits = { network: 0, decode: 0, model: 0 };

  constructor(start: Summary, clock: Clock) {
    this.#clock = clock;
    this.#start = start;
    this.#startedAt = clock.now();
    this.#done = start.done;
    this.#quarantined = start.quarantined - start.rejected;
    this.#filtered = start.filtered;
    this.#audioSeconds = start.audioSeconds;
    this.#shardsSealed = start.shardsSealed;
  }

  /** Samples without an outcome. */
  get pending(): number {
    return this.#start.samples - this.#done - this.#quarantined - this.#filtered;
  }

  /** Seconds of audio that are still to come, as far as the plan knows. */
  get pendingSeconds(): number {
    return this.#start.plannedSeconds * (this.pending / Math.max(1, this.#start.samples));
  }

  planned(): RunEvent {
    const { samples, shards, done, quarantined, excluded } = this.#start;
    const resumed = done > 0 || this.#shardsSealed > 0;
    return {
      type: "planned",
      samples: samples,
      pending: this.pending,
      shards,
      resumed,
      quarantined,
      excluded,
    };
  }

  count(outcome: Outcome): void {
    const now = this.#clock.now();
    this.#samples.add(1, now);
    if (outcome.kind === "quarantined") this.#quarantined++;
    else if (outcome.kind === "filtered") this.#filtered++;
    else {
      this.#done++;
      this.#audioSeconds += outcome.seconds;
      this.#audio.add(outcome.seconds, now);
    }
  }

  countShard(): void {
    this.#shardsSealed++;
  }

  /** @param isStarved Whether nothing can be leased before another block is here. */
  view(slots: readonly Pick<WorkerSlot, "view">[], isStarved: boolean): Progress {
    const now = this.#clock.now();
    const workers = slots.map((slot) => slot.view(now));
    const pace = this.#samples.perSecond(now);
    return {
      type: "progress",
      total: this.#start.samples,
      done: this.#done,
      quarantined: this.#quarantined,
      filtered: this.#filtered,
      audioSeconds: this.#audioSeconds,
      rate: this.#audio.perSecond(now),
      etaSeconds: pace > 0 ? this.pending / pace : null,
      shardsSealed: this.#shardsSealed,
      shards: this.#start.shards,
      workers,
      bottleneck: this.#bottleneck(workers, isStarved),
    };
  }

  /** Figures of this session for `stats.json`. */
  session(): { wallSeconds: number; audioSeconds: number; samples: number } {
    return {
      wallSeconds: (this.#clock.now() - this.#startedAt) / 1000,
      audioSeconds: this.#audioSeconds - this.#start.audioSeconds,
      samples: this.#done - this.#start.done,
    };
  }

  #bottleneck(workers: readonly WorkerView[], isStarved: boolean): Progress["bottleneck"] {
    for (const { waiting, state } of workers) {
      if (isStarved && state === "idle") this.#waits.network++;
      else if (waiting === "decode" || waiting === "model") this.#waits[waiting]++;
    }
    const { network, decode, model } = this.#waits;
    if (network + decode + model === 0) return "nothing";
    if (network > decode && network > model) return "network";
    return decode > model ? "decode" : "model";
  }
}
