/**
 * What a user asked to leave out.
 *
 * @module
 */

/** The shortest and the longest clip that is wanted, in seconds; null for no limit. */
export interface DurationLimits {
  readonly minSeconds: number | null;
  readonly maxSeconds: number | null;
}

/** Why a clip of so many seconds is left out; null if it is not, or its duration is unknown. */
export function filterReason(
  seconds: number | null,
  limits: DurationLimits,
): "too_short" | "too_long" | null {
  if (seconds === null) return null;
  if (limits.minSeconds !== null && seconds < limits.minSeconds) return "too_short";
  if (limits.maxSeconds !== null && seconds > limits.maxSeconds) return "too_long";
  return null;
}
