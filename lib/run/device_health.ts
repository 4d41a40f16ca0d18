/**
 * Whether a device is worth another worker.
 *
 * @module
 */
import type { Death } from "./worker_slot.ts";

/** Deaths before `ready`, in a row, after which a device is given up. */
const MAX_FAILED_STARTS = 3;
/**
 * Deaths in a row without an answer that a device survives, further ones on a sample alone not
 * counted: bisecting the largest lease needs 15, so several bad samples side by side are found.
 */
const MAX_BARREN_DEATHS = 20;

/** Counts the deaths of the workers of one device. */
export class DeviceHealth {
  #failedStarts = 0;
  #barrenDeaths = 0;
  #lastAlone: number | null = null;

  /** Counts a death; whether the device is given up. */
  count({ wasReady, answered, gone, unanswered }: Death): boolean {
    this.#failedStarts = wasReady ? 0 : this.#failedStarts + 1;
    const alone = unanswered.length === 1 ? unanswered[0]?.idx ?? null : null;
    if (answered) this.#barrenDeaths = 0;
    else if (alone === null || alone !== this.#lastAlone) this.#barrenDeaths++;
    this.#lastAlone = alone;
    return !gone || this.#failedStarts >= MAX_FAILED_STARTS ||
      this.#barrenDeaths >= MAX_BARREN_DEATHS;
  }

  /** Milliseconds before the next start: none after a death at work, doubling after failed starts. */
  get backOff(): number {
    return this.#failedStarts === 0 ? 0 : Math.min(10_000, 250 * 2 ** this.#failedStarts);
  }
}
