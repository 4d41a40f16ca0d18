/**
 * How much work a worker is given: enough that it never waits for a message, little enough that
 * no worker is left alone with it at the end.
 *
 * @module
 */

/** What the sizes follow from. */
export interface LeaseSituation {
  /** Audio seconds per second that the worker does. */
  readonly audioRate: number;
  /** Samples per second that the worker does. */
  readonly sampleRate: number;
  /** Pending samples that no worker holds. */
  readonly unleased: number;
  /** Samples that workers hold. */
  readonly held: number;
  /** Workers that take part. */
  readonly workers: number;
}

/** Sizes in seconds of audio and in samples; the smaller one counts. */
export interface LeaseSizes {
  /** What a worker may hold, all its leases together. */
  readonly ahead: { readonly seconds: number; readonly samples: number };
  /** One lease. */
  readonly lease: { readonly seconds: number; readonly samples: number };
}

/** Seconds of its own work that a worker has in hand. */
const AHEAD_SECONDS = 3;
/** Bounds of what is in hand, where the speed is unknown or very high. */
const SECONDS = { min: 60, max: 40_000 };
const SAMPLES = { min: 32, max: 16_384 };

/** The sizes for a worker's next leases. */
export function leaseSizes(situation: LeaseSituation): LeaseSizes {
  const { audioRate, sampleRate, unleased, held } = situation;
  const workers = Math.max(1, situation.workers);
  const fairShare = Math.ceil((unleased + held) / workers);
  const seconds = clamp(audioRate * AHEAD_SECONDS, SECONDS);
  const samples = Math.min(fairShare, Math.ceil(clamp(sampleRate * AHEAD_SECONDS, SAMPLES)));
  const share = Math.ceil(unleased / (3 * workers));
  return {
    ahead: { seconds, samples },
    lease: { seconds: seconds / 2, samples: Math.max(1, Math.min(Math.ceil(samples / 2), share)) },
  };
}

function clamp(value: number, { min, max }: { min: number; max: number }): number {
  return Math.min(max, Math.max(min, value));
}
