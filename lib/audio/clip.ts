/**
 * What decoding gives.
 *
 * @module
 */

/** Decoded audio, mixed to mono, at the rate that was asked for. */
export interface AudioClip {
  /** Mono PCM, float32. */
  readonly pcm: Float32Array<ArrayBuffer>;
  /** Hz of `pcm`. */
  readonly sampleRate: number;
  /** Hz in the file. */
  readonly sourceSampleRate: number;
  /** Channels in the file. */
  readonly sourceChannels: number;
  /** Seconds of audio decoded from the file (of the segment, where one was asked for). */
  readonly duration: number;
}

/** What to decode. */
export interface DecodeOptions {
  /** Resample to this rate, in Hz; the file's own if absent. */
  readonly sampleRate?: number;
  /** Start of the segment, in seconds. */
  readonly start?: number | null;
  /** End of the segment, in seconds. */
  readonly end?: number | null;
}
