/**
 * The inverse short-time Fourier transform, of operations that any runtime has.
 *
 * @module
 */
import type { OnnxGraph } from "./graph.ts";
import type { Signal } from "./signal.ts";
import { derivedWeight, type Weight } from "./weight.ts";

/** How frames of spectra become samples. */
export interface InverseStftOptions {
  /** Factors of the samples of one frame, [size]; the size is even and a multiple of `hop`. */
  readonly window: Weight;
  /** Samples from one frame to the next. */
  readonly hop: number;
}

/** The bins of every second frequency of a frame: those at even places, or those at odd ones. */
export function binsOf(size: number, parity: 0 | 1): number[] {
  const count = Math.floor((size / 2 - parity) / 2) + 1;
  return Array.from({ length: count }, (_, i) => 2 * i + parity);
}

/**
 * Frames of spectra to sound: the real inverse transform of each frame, times the window, added
 * up where frames overlap and divided by the sum of squared windows. With "same" padding:
 * (size − hop) / 2 samples are cut off at both ends, so that steps · hop are left.
 *
 * Waves of even frequencies repeat after half a frame, those of odd ones with the other sign: two
 * products of half the size make both halves of a frame, E + O and E − O.
 *
 * @param spectra For `binsOf(size, 0)` and `binsOf(size, 1)`: float [batch, steps, 2 · bins], real
 * parts, then imaginary ones. Those of the lowest and highest frequency count as zero.
 * @param frames What the spectra depend on.
 * @returns [batch, 1, steps · hop].
 */
export function inverseStft(
  graph: OnnxGraph,
  spectra: readonly [even: string, odd: string],
  frames: Signal,
  { window, hop }: InverseStftOptions,
): Signal {
  const [size = 0] = window.shape;
  const even = halfFrame(graph, spectra[0], size, 0);
  const odd = halfFrame(graph, spectra[1], size, 1);
  const halves = [graph.node("Add", [even, odd]), graph.node("Sub", [even, odd])];
  const whole = graph.node("Concat", halves, { axis: 2 });
  const windowed = graph.node("Mul", [whole, graph.weight(window)]);
  const sum = kept(graph, overlapped(graph, windowed, size, hop), size, hop);
  const envelope = kept(graph, squaredWindows(graph, windowed, { window, hop }), size, hop);
  const cut = (size - hop) / 2;
  return {
    value: graph.node("Div", [sum, envelope]),
    channels: 1,
    hop: frames.hop / hop,
    before: frames.before + (size - 1 - cut) * frames.hop / hop,
    after: frames.after + (hop - 1 + cut) * frames.hop / hop,
  };
}

/** What the frequencies of one parity make of the first half of each frame. */
function halfFrame(graph: OnnxGraph, spectra: string, size: number, parity: 0 | 1): string {
  const shape = [2 * binsOf(size, parity).length, size / 2];
  const name = `waves of ${size} samples:${parity}`;
  const waves = derivedWeight(name, shape, [], () => halfWaves(size, parity));
  return graph.node("MatMul", [spectra, graph.weight(waves)]);
}

/**
 * The first half of x[n] = 1/N · (Re₀ + (−1)ⁿ Re_{N/2} + 2 Σₖ (Reₖ cos 2πkn/N − Imₖ sin 2πkn/N))
 * over the frequencies k of one parity: a row of N / 2 samples for each Reₖ, then for each Imₖ.
 */
function halfWaves(size: number, parity: 0 | 1): Float32Array<ArrayBuffer> {
  const bins = binsOf(size, parity);
  const half = size / 2;
  const rows = new Float32Array(2 * bins.length * half);
  for (const [row, bin] of bins.entries()) {
    const single = bin === 0 || bin === half;
    const factor = (single ? 1 : 2) / size;
    for (let n = 0; n < half; n++) {
      const angle = 2 * Math.PI * (bin * n % size) / size;
      rows[row * half + n] = factor * Math.cos(angle);
      rows[(bins.length + row) * half + n] = single ? 0 : -factor * Math.sin(angle);
    }
  }
  return rows;
}

/** Frames [batch, steps, size] moved by `hop` each and added: [batch, steps + size / hop − 1, hop]. */
function overlapped(graph: OnnxGraph, frames: string, size: number, hop: number): string {
  const parts = size / hop;
  const moved = Array.from({ length: parts }, (_, part) => {
    const ends = [part * hop, (part + 1) * hop, 2].map((at) => graph.integers([at]));
    const slice = graph.node("Slice", [frames, ...ends]);
    return delayed(graph, slice, part, parts);
  });
  return moved.reduce((sum, next) => graph.node("Add", [sum, next]));
}

/** A value [batch, steps, …] that begins `by` steps later, of `of` − 1 steps more. */
function delayed(graph: OnnxGraph, value: string, by: number, of: number): string {
  if (of === 1) return value;
  return graph.node("Pad", [value, graph.integers([0, by, 0, 0, of - 1 - by, 0])]);
}

/** What `overlapped` makes of frames that are the squared window each: [1, …], for any batch. */
function squaredWindows(
  graph: OnnxGraph,
  frames: string,
  { window, hop }: InverseStftOptions,
): string {
  const [size = 0] = window.shape;
  const parts = size / hop;
  const squares = derivedWeight(
    `${window.name}:squares`,
    [parts, hop],
    [window],
    (values) => values.map((value) => value * value),
  );
  const steps = graph.node("Shape", [frames], { start: 1, end: 2 });
  const [one, single] = [graph.integers([1]), graph.floats([1], [1, 1, 1])];
  const shape = graph.node("Concat", [one, steps, one], { axis: 0 });
  const ones = graph.node("Expand", [single, shape]);
  const there = Array.from({ length: parts }, (_, part) => delayed(graph, ones, part, parts));
  const mask = graph.node("Concat", there, { axis: 2 });
  return graph.node("MatMul", [mask, graph.weight(squares)]);
}

/** Pieces [batch, steps + size / hop − 1, hop] as samples, without those that are cut off. */
function kept(graph: OnnxGraph, pieces: string, size: number, hop: number): string {
  const samples = graph.node("Reshape", [pieces, graph.integers([0, 1, -1])]);
  const cut = (size - hop) / 2;
  if (cut === 0) return samples;
  const ends = [cut, -cut, 2].map((at) => graph.integers([at]));
  return graph.node("Slice", [samples, ...ends]);
}
