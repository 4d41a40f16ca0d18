/**
 * What the readers give to the resampler.
 *
 * @module
 */

/** Mono PCM at the file's own rate, cut to the segment. */
export interface SourcePcm {
  /** Mono, float32, full scale 1. */
  readonly pcm: Float32Array<ArrayBuffer>;
  /** Hz. */
  readonly sampleRate: number;
  /** Channels in the file, before mixing. */
  readonly channels: number;
}
