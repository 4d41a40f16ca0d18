/**
 * The inverse short-time Fourier transform, as convolutions that any runtime has.
 *
 * @module
 */
import type { OnnxGraph } from "./graph.ts";
import { transposedConvolution } from "./convolution.ts";
import { sameSteps, type Signal } from "./signal.ts";
import { derivedWeight, type Weight } from "./weight.ts";

/** How frames of spectra become samples. */
export interface InverseStftOptions {
  /** Values of one frame, [size]. */
  readonly window: Weight;
  /** Samples from one frame to the next. */
  readonly hop: number;
}

/**
 * Frames of spectra to sound: the real inverse transform of each frame, times the window, added
 * up where frames overlap and divided by the sum of squared windows. With "same" padding:
 * (size − hop) / 2 samples are cut off at both ends, so that `steps` · hop are left.
 *
 * Transform, window and sum are one transposed convolution whose kernels are the windowed cosines
 * and sines. The imaginary parts of the lowest and highest frequency meet a sine of zeros.
 *
 * @param spectra float [batch, size + 2, steps]: size / 2 + 1 real parts, then as many imaginary.
 * @returns [batch, 1, steps · hop].
 */
export function inverseStft(
  graph: OnnxGraph,
  spectra: Signal,
  { window, hop }: InverseStftOptions,
): Signal {
  const [size = 0] = window.shape;
  const cut = (size - hop) / 2;
  const overlapAdd = { stride: hop, trim: [cut, cut] } as const;
  const waves = derivedWeight(
    `${window.name}:waves`,
    [size + 2, 1, size],
    [window],
    windowedWaves,
  );
  const sound = transposedConvolution(graph, spectra, { weight: waves, bias: null }, overlapAdd);
  const squares = derivedWeight(
    `${window.name}:squares`,
    [1, 1, size],
    [window],
    (values) => values.map((value) => value * value),
  );
  const ones = sameSteps(spectra, onesLike(graph, spectra), 1);
  const envelope = transposedConvolution(graph, ones, { weight: squares, bias: null }, overlapAdd);
  return sameSteps(sound, graph.node("Div", [sound.value, envelope.value]));
}

/** float [1, 1, steps], all one. */
function onesLike(graph: OnnxGraph, { value }: Signal): string {
  const steps = graph.node("Shape", [value], { start: 2, end: 3 });
  const shape = graph.node("Concat", [graph.integers([1, 1]), steps], { axis: 0 });
  return graph.node("Expand", [graph.floats([1], [1, 1, 1]), shape]);
}

/**
 * x[n] = w[n] / N · (Re₀ + (−1)ⁿ Re_{N/2} + 2 Σₖ (Reₖ cos 2πkn/N − Imₖ sin 2πkn/N)), as N + 2
 * rows of N samples; in float64 until the end.
 */
function windowedWaves(window: Float32Array): Float32Array<ArrayBuffer> {
  const size = window.length;
  const bins = size / 2 + 1;
  const turn = Array.from({ length: size }, (_, i) => {
    const angle = 2 * Math.PI * i / size;
    return { cosine: Math.cos(angle), sine: i * 2 === size ? 0 : Math.sin(angle) };
  });
  const rows = new Float32Array((size + 2) * size);
  for (let bin = 0; bin < bins; bin++) {
    const factor = (bin === 0 || bin === bins - 1 ? 1 : 2) / size;
    for (let n = 0; n < size; n++) {
      const { cosine = 0, sine = 0 } = turn[bin * n % size] ?? {};
      const gain = factor * (window[n] ?? 0);
      rows[bin * size + n] = gain * cosine;
      rows[(bins + bin) * size + n] = -gain * sine;
    }
  }
  return rows;
}
