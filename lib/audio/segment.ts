/**
 * Which part of a file is wanted.
 *
 * @module
 */
import type { DecodeOptions } from "./clip.ts";
import { type AudioFault, decodeFailure, inSeconds } from "./failure.ts";

/** A part of a file in seconds. */
export interface Segment {
  readonly start: number;
  /** Null for the end of the file. */
  readonly end: number | null;
}

/** A part of a file in samples at the file's own rate. */
export interface SampleRange {
  readonly first: number;
  /** One past the last; infinite for the end of the file. */
  readonly end: number;
}

/** Manifests round to milliseconds: an end this far past the audio means its end. Seconds. */
const END_SLACK = 0.01;

/**
 * Reads the segment out of the options.
 *
 * @throws {SampleError} `bad_segment` if the times are no times, or the wrong way round.
 */
export function segmentOf(label: string, options: DecodeOptions): Segment {
  const start = options.start ?? 0;
  const end = options.end ?? null;
  if (!isTime(start) || !(end === null || isTime(end))) {
    throw badSegment(
      label,
      `the segment ${start} to ${end} is not made of times in seconds from 0 on`,
    );
  }
  if (end !== null && start >= end) {
    throw badSegment(
      label,
      `the segment starts at ${start} s and ends at ${end} s`,
    );
  }
  return { start, end };
}

/**
 * Turns seconds into samples: a time stands for the sample nearest to it.
 *
 * @throws {SampleError} `bad_segment` if no sample lies in the segment.
 */
export function sampleRange(
  label: string,
  segment: Segment,
  sampleRate: number,
): SampleRange {
  const first = Math.round(segment.start * sampleRate);
  const end = segment.end === null ? Infinity : Math.round(segment.end * sampleRate);
  if (first < end) return { first, end };
  throw badSegment(
    label,
    `the segment ${segment.start} to ${segment.end} s holds no sample at ${sampleRate} Hz`,
  );
}

/**
 * What is wrong with a range of audio that turned out to hold `total` samples; null if nothing.
 */
export function rangeFault(
  range: SampleRange,
  segment: Segment,
  sampleRate: number,
  total: number,
): AudioFault | null {
  const length = `the audio ends at ${inSeconds(total / sampleRate)}`;
  if (range.first >= total) {
    return {
      reason: "bad_segment",
      state: `the segment starts at ${segment.start} s, but ${length}`,
    };
  }
  if (range.end === Infinity || range.end - total <= END_SLACK * sampleRate) {
    return null;
  }
  return {
    reason: "bad_segment",
    state: `the segment ends at ${segment.end} s, but ${length}`,
  };
}

function isTime(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

function badSegment(label: string, state: string): Error {
  return decodeFailure(label, { reason: "bad_segment", state });
}
