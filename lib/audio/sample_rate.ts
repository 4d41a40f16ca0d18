/**
 * Which sample rates are taken for real.
 *
 * @module
 */
import type { AudioFault } from "./failure.ts";

/** Below the slowest telephone codecs; a header that says less is damaged. Hz. */
const LOWEST = 1_000;

/** The fastest PCM converters; a header that says more is damaged. Hz. */
const HIGHEST = 768_000;

/** What is wrong with a sample rate found in a file, in Hz; null where nothing is. */
export function sampleRateFault(sampleRate: number): AudioFault | null {
  if (sampleRate >= LOWEST && sampleRate <= HIGHEST) return null;
  return {
    reason: "bad_sample_rate",
    state:
      `the header declares a sample rate of ${sampleRate} Hz, outside ${LOWEST} to ${HIGHEST} Hz`,
  };
}
