/**
 * Integrated loudness by ITU-R BS.1770-4, as audiotools measures it: that of Descript, whose DAC
 * brings clips to a loudness before it encodes them. The filters are pyloudnorm's, from the Audio
 * EQ Cookbook of R. Bristow-Johnson instead of the standard's tables, and run in float32 as
 * torchaudio runs them.
 *
 * @module
 */

/** dB that silence counts as. */
const SILENCE = -70;

const BLOCK_SECONDS = 0.4;
const OVERLAP = 0.75;
/** Shorter clips are measured with zeros after them. */
const SHORTEST_SECONDS = 0.5;
/** dB that a mean square of 1 counts as less: what the standard's filters add at 1 kHz. */
const OFFSET = -0.691;
/** dB below the mean of all heard blocks at which blocks no longer count. */
const RELATIVE_GATE = 10;

/** The coefficients of a filter of second order; that of the current output is 1. */
interface Biquad {
  /** Of the current input, the one before it and the one before that. */
  readonly inputs: readonly [number, number, number];
  /** Of the two outputs before. */
  readonly outputs: readonly [number, number];
}

/**
 * Measures a mono clip.
 *
 * @returns LUFS, a float32 number, no less than `SILENCE`.
 */
export function integratedLoudness(pcm: Float32Array, sampleRate: number): number {
  const blocks = meanSquares(weighted(pcm, sampleRate), sampleRate);
  const heard = blocks.filter((square) => decibels(square) > SILENCE);
  const gate = decibels(mean(heard)) - RELATIVE_GATE;
  const counted = heard.filter((square) => decibels(square) > gate);
  if (counted.length === 0) return SILENCE;
  return Math.max(SILENCE, Math.fround(decibels(mean(counted))));
}

/** What brings a clip to a loudness: two factors, one after the other. */
export interface LoudnessChange {
  readonly gain: number;
  /** Less than 1 where the gain would take a sample beyond ±1. */
  readonly reduction: number;
}

/**
 * What makes a mono clip so loud, or, where a sample would be beyond ±1, as loud as it can be.
 *
 * @param target LUFS.
 */
export function loudnessChange(
  pcm: Float32Array,
  sampleRate: number,
  target: number,
): LoudnessChange {
  const { fround } = Math;
  const change = fround(target - integratedLoudness(pcm, sampleRate));
  const gain = fround(Math.exp(fround(change * fround(Math.LN10 / 20))));
  let peak = 0;
  for (const sample of pcm) peak = Math.max(peak, Math.abs(sample));
  const louder = fround(peak * gain);
  return { gain, reduction: louder > 1 ? fround(1 / louder) : 1 };
}

/** Changes samples in place. */
export function changeLoudness(pcm: Float32Array, { gain, reduction }: LoudnessChange): void {
  for (let i = 0; i < pcm.length; i++) pcm[i] = Math.fround((pcm[i] ?? 0) * gain) * reduction;
}

/** K-weighting: what the head adds, and less of the lowest frequencies. */
function weighted(pcm: Float32Array, sampleRate: number): Float32Array<ArrayBuffer> {
  const seconds = pcm.length / sampleRate;
  const lacking = Math.max(0, Math.trunc((SHORTEST_SECONDS - seconds) * sampleRate));
  const signal = new Float32Array(pcm.length + lacking);
  signal.set(pcm);
  filter(signal, highShelf(sampleRate));
  filter(signal, highPass(sampleRate));
  return signal;
}

/** 4 dB more above 1,500 Hz, with Q = 1/√2. */
function highShelf(sampleRate: number): Biquad {
  const amplitude = 10 ** (4 / 40);
  const angle = 2 * Math.PI * (1500 / sampleRate);
  const alpha = Math.sin(angle) / (2 * Math.SQRT1_2);
  const cosine = Math.cos(angle);
  const [more, less] = [amplitude + 1, amplitude - 1];
  const slope = 2 * Math.sqrt(amplitude) * alpha;
  return biquad(
    [
      amplitude * (more + less * cosine + slope),
      -2 * amplitude * (less + more * cosine),
      amplitude * (more + less * cosine - slope),
    ],
    [more - less * cosine + slope, 2 * (less - more * cosine), more - less * cosine - slope],
  );
}

/** Less below 38 Hz, with Q = 1/2. */
function highPass(sampleRate: number): Biquad {
  const angle = 2 * Math.PI * (38 / sampleRate);
  const alpha = Math.sin(angle) / (2 * 0.5);
  const cosine = Math.cos(angle);
  return biquad(
    [(1 + cosine) / 2, -(1 + cosine), (1 + cosine) / 2],
    [1 + alpha, -2 * cosine, 1 - alpha],
  );
}

function biquad(
  [b0, b1, b2]: readonly [number, number, number],
  [a0, a1, a2]: readonly [number, number, number],
): Biquad {
  const { fround } = Math;
  return {
    inputs: [fround(b0 / a0), fround(b1 / a0), fround(b2 / a0)],
    outputs: [fround(a1 / a0), fround(a2 / a0)],
  };
}

/** Filters in place. Each operation is rounded to float32, which this recursion is sensitive to. */
function filter(signal: Float32Array, { inputs: [b0, b1, b2], outputs: [a1, a2] }: Biquad): void {
  const { fround } = Math;
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  for (let i = 0; i < signal.length; i++) {
    const x0 = signal[i] ?? 0;
    const input = fround(fround(fround(b2 * x2) + fround(b1 * x1)) + fround(b0 * x0));
    const y0 = fround(fround(input - fround(y2 * a2)) - fround(y1 * a1));
    [x2, x1, y2, y1] = [x1, x0, y1, y0];
    signal[i] = y0;
  }
}

/** Of overlapping blocks; zeros complete the last one. */
function meanSquares(signal: Float32Array, sampleRate: number): number[] {
  const length = BLOCK_SECONDS * sampleRate;
  const block = Math.trunc(length);
  const step = Math.trunc(length * (1 - OVERLAP));
  const count = Math.ceil(Math.max(0, signal.length - block) / step) + 1;
  return Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (const sample of signal.subarray(i * step, i * step + block)) sum += sample * sample;
    return sum / length;
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function decibels(square: number): number {
  return OFFSET + 10 * Math.log10(square);
}
