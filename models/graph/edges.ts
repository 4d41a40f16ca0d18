/**
 * What convolutions find beyond the ends of a signal: zeros, or nothing.
 *
 * @module
 */
import {
  convolution,
  type ConvolutionOptions,
  type ConvolutionWeights,
  transposedConvolution,
  type TransposedOptions,
} from "./convolution.ts";
import type { OnnxGraph } from "./graph.ts";
import type { Signal } from "./signal.ts";

/** The layers of a network whose convolutions are centred on their steps. */
export interface Edges {
  /** A convolution whose `padding` is beyond the ends. */
  convolution(
    graph: OnnxGraph,
    signal: Signal,
    weights: ConvolutionWeights,
    options: ConvolutionOptions,
  ): Signal;
  /** A transposed convolution whose `trim` is beyond the ends. */
  transposed(
    graph: OnnxGraph,
    signal: Signal,
    weights: ConvolutionWeights,
    options: TransposedOptions,
  ): Signal;
  /** The steps of a signal that are left of it after a convolution of `padding` on both sides. */
  inner(graph: OnnxGraph, signal: Signal, padding: number): Signal;
}

/** Zeros beyond the ends, always: the usual padding, which keeps lengths. */
export const ZERO_EDGES: Edges = {
  convolution,
  transposed: transposedConvolution,
  inner: (_, signal) => signal,
};

/**
 * Zeros beyond the ends where the flag is 1. Where it is 0 there is nothing, and each layer gives
 * those steps only that it has all of its input for: no step then knows where the signal ends.
 *
 * @param flag Name of an int64 value [1], 0 or 1.
 */
export function optionalEdges(flag: string): Edges {
  return {
    convolution(graph, signal, weights, { padding = [0, 0], ...options }) {
      const padded = resized(graph, signal.value, padding, flag);
      return convolution(graph, moved({ ...signal, value: padded }, padding[0]), weights, options);
    },
    transposed(graph, signal, weights, { trim = [0, 0], ...options }) {
      const [before, after] = trim;
      const whole = transposedConvolution(graph, signal, weights, options);
      const value = resized(graph, whole.value, [-before, -after], flag);
      return moved({ ...whole, value }, -before);
    },
    inner(graph, signal, padding) {
      const without = graph.node("Sub", [graph.integers([1]), flag]);
      return { ...signal, value: resized(graph, signal.value, [-padding, -padding], without) };
    },
  };
}

/** Adds `times` times so many zeros at the ends; numbers below zero cut off. */
function resized(
  graph: OnnxGraph,
  value: string,
  [before, after]: readonly [before: number, after: number],
  times: string,
): string {
  if (before === 0 && after === 0) return value;
  const steps = graph.node("Mul", [graph.integers([0, 0, before, 0, 0, after]), times]);
  return graph.node("Pad", [value, steps]);
}

/** A signal in front of which there are so many more steps. */
function moved(signal: Signal, steps: number): Signal {
  return {
    ...signal,
    before: signal.before + steps * signal.hop,
    after: signal.after - steps * signal.hop,
  };
}
