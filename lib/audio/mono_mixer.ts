/**
 * From samples as files hold them to mono float32.
 *
 * @module
 */

/** Samples in one of the number formats of PCM. */
export type PcmSamples =
  | Uint8Array
  | Int16Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** Decoded samples of one or more channels. */
export interface PcmBlock {
  /** One array that interleaves the channels, or one array a channel. */
  readonly planes: readonly PcmSamples[];
  readonly channels: number;
  /** The value of silence. */
  readonly zero: number;
  /** What brings full scale to 1; a power of two, so that no rounding depends on it. */
  readonly scale: number;
}

/** Mixes channels to their mean. One mixer serves one decode: it keeps its working memory. */
export class MonoMixer {
  #wide = new Float64Array(0);

  /**
   * Writes the mean of the channels. The sum is kept in float64 and rounded once, to float32.
   *
   * @param block Where the samples are.
   * @param from The first sample of each channel to mix.
   * @param target As long as the number of samples to mix.
   */
  mix(block: PcmBlock, from: number, target: Float32Array): void {
    if (block.channels === 1) copyScaled(block, from, target);
    else this.#mean(block, from, target);
  }

  #mean(block: PcmBlock, from: number, target: Float32Array): void {
    const { channels, zero, scale } = block;
    const count = target.length;
    const wide = this.#gather(block, from, count);
    const planar = block.planes.length > 1;
    const step = planar ? 1 : channels;
    const stride = planar ? count : 1;
    for (let index = 0; index < count; index++) {
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) {
        sum += wide[index * step + channel * stride] ?? 0;
      }
      target[index] = (sum / channels - zero) * scale;
    }
  }

  /** Copies to float64, because one loop over one kind of array is what compiles well. */
  #gather(block: PcmBlock, from: number, count: number): Float64Array {
    const length = count * block.channels;
    if (this.#wide.length < length) this.#wide = new Float64Array(length);
    const width = block.channels / block.planes.length;
    block.planes.forEach((plane, index) => {
      const part = plane.subarray(from * width, (from + count) * width);
      this.#wide.set(part, index * count);
    });
    return this.#wide;
  }
}

function copyScaled(block: PcmBlock, from: number, target: Float32Array): void {
  const plane = block.planes[0];
  if (plane === undefined) return;
  target.set(plane.subarray(from, from + target.length));
  const { zero, scale } = block;
  if (zero === 0 && scale === 1) return;
  for (let index = 0; index < target.length; index++) {
    target[index] = ((target[index] ?? 0) - zero) * scale;
  }
}
