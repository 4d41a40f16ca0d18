/**
 * Convolutions that see the past alone, as EnCodec and Mimi pad them.
 *
 * A kernel that spans K steps and moves r at a time gets K − r steps before the signal, and at
 * its end as many as its last move lacks: ceil(steps / r) steps come out (`SConv1d` of EnCodec,
 * `StreamableConv1d` of Mimi). What is added beyond what that move needs is never seen, so that r − 1 steps
 * serve every length and the graph need not count.
 *
 * @module
 */
import {
  convolution,
  type ConvolutionWeights,
  type PaddingMode,
  padSteps,
  transposedConvolution,
} from "./convolution.ts";
import type { OnnxGraph } from "./graph.ts";
import type { Signal } from "./signal.ts";

/** How a causal convolution moves. */
export interface CausalOptions {
  /** What lies beyond both ends of the signal. */
  readonly mode: PaddingMode;
  /** @default {1} */
  readonly stride?: number;
  /** @default {1} */
  readonly dilation?: number;
  /** @default {1} */
  readonly groups?: number;
}

/** A convolution that gives ceil(steps / stride) steps, for any signal of at least one step. */
export function causalConvolution(
  graph: OnnxGraph,
  signal: Signal,
  weights: ConvolutionWeights,
  { mode, stride = 1, dilation = 1, groups = 1 }: CausalOptions,
): Signal {
  const span = ((weights.weight.shape[2] ?? 0) - 1) * dilation + 1;
  const added = [span - stride, stride - 1] as const;
  if (mode === "constant") {
    return convolution(graph, signal, weights, { stride, dilation, groups, padding: added });
  }
  const padded = mode === "edge"
    ? padSteps(graph, signal, added, mode)
    : reflectSteps(graph, signal, added);
  return convolution(graph, padded, weights, { stride, dilation, groups });
}

/** A transposed convolution that gives steps · stride steps: what its last moves add is cut off. */
export function causalTransposedConvolution(
  graph: OnnxGraph,
  signal: Signal,
  weights: ConvolutionWeights,
  { stride, groups = 1 }: { readonly stride: number; readonly groups?: number },
): Signal {
  const kernel = weights.weight.shape[2] ?? 0;
  return transposedConvolution(graph, signal, weights, {
    stride,
    groups,
    trim: [0, kernel - stride],
  });
}

/**
 * Reflects at both ends. A signal of no more than `before` steps has nothing to reflect: as the
 * reference does, it goes on as zeros up to `before` + 1 steps, that is reflected, and what is
 * then too many at the end is cut off.
 *
 * One `Pad` would do for long signals, and three copies of everything for short ones; here the
 * few steps that are new are made of the few at the ends, and one `Concat` joins them.
 */
function reflectSteps(
  graph: OnnxGraph,
  signal: Signal,
  [before, after]: readonly [before: number, after: number],
): Signal {
  if (before === 0 && after === 0) return signal;
  if (before < after) {
    throw new TypeError(`Cannot reflect ${after} steps at the end and only ${before} before`);
  }
  const pieces = [reflectedStart(graph, signal.value, before), signal.value];
  if (after > 0) pieces.push(reflectedEnd(graph, signal.value, before, after));
  return {
    ...signal,
    value: graph.node("Concat", pieces, { axis: 2 }),
    before: signal.before + before * signal.hop,
    after: signal.after - before * signal.hop,
  };
}

/** Steps `before` … 1, with zeros for those that the signal does not have. */
function reflectedStart(graph: OnnxGraph, value: string, before: number): string {
  const start = slice(graph, value, graph.integers([0]), graph.integers([before + 1]));
  const filled = zerosAfter(graph, start, before);
  const backwards = Array.from({ length: before }, (_, i) => before - i);
  return graph.node("Gather", [filled, graph.integers(backwards)], { axis: 2 });
}

/** The `after` steps that follow the signal. */
function reflectedEnd(graph: OnnxGraph, value: string, before: number, after: number): string {
  const known = before + 1;
  const end = slice(graph, value, graph.integers([-known]), graph.integers([END]));
  const length = graph.node("Shape", [end], { start: 2, end: 3 });
  const filled = slice(
    graph,
    zerosAfter(graph, end, before),
    graph.integers([0]),
    graph.integers([known]),
  );
  const reflected = graph.node(
    "Pad",
    [filled, graph.integers([0, 0, 0, 0, 0, after])],
    { mode: "reflect" },
  );
  const until = graph.node("Add", [length, graph.integers([after])]);
  return slice(graph, reflected, length, until);
}

/** What ONNX's `Slice` takes as the end of any tensor. */
const END = 2 ** 31 - 1;

function slice(graph: OnnxGraph, value: string, from: string, to: string): string {
  return graph.node("Slice", [value, from, to, graph.integers([2])]);
}

function zerosAfter(graph: OnnxGraph, value: string, steps: number): string {
  return graph.node("Pad", [value, graph.integers([0, 0, 0, 0, 0, steps])], { mode: "constant" });
}
