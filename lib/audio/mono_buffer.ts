/**
 * Collecting the wanted part of a stream.
 *
 * @module
 */
import { MonoMixer, type PcmBlock } from "./mono_mixer.ts";
import type { SampleRange } from "./segment.ts";

/** What a declared length may reserve at once; a header can claim anything. Samples. */
const LARGEST_RESERVE = 1 << 24;

/** Where in a stream collecting begins. */
export interface MonoBufferOptions {
  /** Index of the first sample that will come; below 0 where the first are to be dropped. @default {0} */
  readonly position?: number;
  /** Samples that the stream is expected to hold; only memory depends on it. @default {65536} */
  readonly expected?: number;
}

/** Collects the samples of a range out of blocks that come in order, mixed to mono. */
export class MonoBuffer {
  readonly #range: SampleRange;
  readonly #mixer = new MonoMixer();
  #samples: Float32Array<ArrayBuffer>;
  #length = 0;
  #position: number;

  constructor(range: SampleRange, options: MonoBufferOptions = {}) {
    const { position = 0, expected = 65536 } = options;
    const wanted = Math.min(expected, range.end) - range.first;
    this.#range = range;
    this.#position = position;
    this.#samples = new Float32Array(
      Math.max(1, Math.min(wanted, LARGEST_RESERVE)),
    );
  }

  /** Index in the stream of the sample that comes next. */
  get position(): number {
    return this.#position;
  }

  /** Whether samples are still to come that belong to the range. */
  get hungry(): boolean {
    return this.#position < this.#range.end;
  }

  /**
   * Takes the next samples of the stream, and keeps those in the range.
   *
   * @param block The samples.
   * @param count How many each channel holds.
   */
  append(block: PcmBlock, count: number): void {
    const from = Math.max(this.#range.first - this.#position, 0);
    const to = Math.min(this.#range.end - this.#position, count);
    this.#position += count;
    if (from >= to) return;
    const end = this.#length + to - from;
    this.#reserve(end);
    this.#mixer.mix(block, from, this.#samples.subarray(this.#length, end));
    this.#length = end;
  }

  /** All that was collected. The buffer is not to be used afterwards. */
  take(): Float32Array<ArrayBuffer> {
    return this.#length === this.#samples.length
      ? this.#samples
      : this.#samples.slice(0, this.#length);
  }

  #reserve(length: number): void {
    if (length <= this.#samples.length) return;
    const larger = new Float32Array(Math.max(length, 2 * this.#samples.length));
    larger.set(this.#samples.subarray(0, this.#length));
    this.#samples = larger;
  }
}
