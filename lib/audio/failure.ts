/**
 * The words in which decoding fails.
 *
 * @module
 */
import { type FailureReason, SampleError } from "../errors.ts";

/** What is wrong with a file: a reason for programs, a state for people. */
export interface AudioFault {
  readonly reason: FailureReason;
  /** The rest of `Cannot decode 'a.flac': …`. */
  readonly state: string;
}

/**
 * The error for audio that cannot be decoded.
 *
 * @param label What messages call it, with its quotes: `'a.flac'`.
 */
export function decodeFailure(
  label: string,
  fault: AudioFault,
  options?: ErrorOptions,
): SampleError {
  return new SampleError(fault.reason, `Cannot decode ${label}: ${fault.state}`, options);
}

/** `1.9` as `1.90 s`. */
export function inSeconds(seconds: number): string {
  return `${seconds.toFixed(2)} s`;
}

/** The fault of a stream that ends before the length that its header declares. */
export function endsEarly(seconds: number, declared: number): AudioFault {
  return {
    reason: "truncated_audio",
    state: `the stream ends at ${inSeconds(seconds)} of ${inSeconds(declared)}`,
  };
}

/** The fault of a file without a single sample of audio. */
export function holdsNoSamples(what: string): AudioFault {
  return { reason: "no_samples", state: `${what} holds no samples` };
}
