/**
 * A value along time, and how much of the graph's input one step of it depends on.
 *
 * Every operation that mixes steps widens the reach, so that a codec's receptive field is not a
 * constant that someone measured but a fact of the graph that was written.
 *
 * @module
 */

/** A float value [batch, channels, steps]. */
export interface Signal {
  /** Its name in the graph. */
  readonly value: string;
  readonly channels: number;
  /**
   * Samples of audio that one step stands for: of the input where a graph takes audio, of the
   * output where it makes audio.
   */
  readonly hop: number;
  /** Samples before the start of a step that it depends on, at most; Infinity where there is no end. */
  readonly before: number;
  /** Samples after the end of a step that it depends on, at most. */
  readonly after: number;
}

/** The signal that a graph takes in: each step depends on itself alone. */
export function inputSignal(value: string, channels: number, hop: number): Signal {
  return { value, channels, hop, before: 0, after: 0 };
}

/** What an operation on each step alone makes of a signal. */
export function sameSteps(signal: Signal, value: string, channels = signal.channels): Signal {
  return { ...signal, value, channels };
}

/** A signal whose steps see `before` and `after` more steps of what it was made from. */
export function widened(
  signal: Signal,
  steps: { readonly before: number; readonly after: number },
): Signal {
  return {
    ...signal,
    before: signal.before + steps.before * signal.hop,
    after: signal.after + steps.after * signal.hop,
  };
}

/** A signal that depends on everything before and, unless `causal`, after it. */
export function unbounded(signal: Signal, { causal }: { readonly causal: boolean }): Signal {
  return { ...signal, before: Infinity, after: causal ? signal.after : Infinity };
}

/** What a value made of two signals, step by step, depends on. */
export function joined(one: Signal, other: Signal, value: string, channels = one.channels): Signal {
  if (one.hop !== other.hop) {
    throw new TypeError(`Cannot join signals of ${one.hop} and ${other.hop} samples a step`);
  }
  const before = Math.max(one.before, other.before);
  const after = Math.max(one.after, other.after);
  return { value, channels, hop: one.hop, before, after };
}

/**
 * Samples of true audio that windows need on each side, a multiple of `unit`; null where the
 * reach has no end.
 */
export function contextOf(signal: Signal, unit: number): number | null {
  const reach = Math.max(signal.before, signal.after);
  return Number.isFinite(reach) ? Math.ceil(reach / unit) * unit : null;
}
