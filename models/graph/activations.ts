/**
 * Activations, each step and channel alone.
 *
 * @module
 */
import type { OnnxGraph } from "./graph.ts";
import { joined, sameSteps, type Signal } from "./signal.ts";
import { derivedWeight, type Weight } from "./weight.ts";

/**
 * Snake: x + sin(αx)² / (α + 10⁻⁹), with α a channel (Ziyin et al., arXiv:2006.08195, as DAC,
 * SNAC and NeMo write it).
 *
 * @param alpha [1, channels, 1].
 */
export function snake(graph: OnnxGraph, signal: Signal, alpha: Weight): Signal {
  const inverse = derivedWeight(
    `${alpha.name}:inverse`,
    alpha.shape,
    [alpha],
    (values) => values.map((value) => 1 / (value + 1e-9)),
  );
  const sine = graph.node("Sin", [graph.node("Mul", [signal.value, graph.weight(alpha)])]);
  const square = graph.node("Mul", [sine, sine]);
  const wave = graph.node("Mul", [square, graph.weight(inverse)]);
  return sameSteps(signal, graph.node("Add", [signal.value, wave]));
}

/**
 * Snake for the first half of the channels, the smaller one where they are odd, and max(x, slope ·
 * x) for the rest (NeMo's `HalfSnake`).
 *
 * @param alpha [1, ⌊channels / 2⌋, 1].
 */
export function halfSnake(graph: OnnxGraph, signal: Signal, alpha: Weight, slope: number): Signal {
  const waves = alpha.shape[1] ?? 0;
  const sizes = graph.integers([waves, signal.channels - waves]);
  const [first = "", rest = ""] = graph.nodes("Split", [signal.value, sizes], { axis: 1 }, 2);
  const one = snake(graph, sameSteps(signal, first, waves), alpha);
  const other = leakyRelu(graph, sameSteps(signal, rest), slope);
  return sameSteps(signal, graph.node("Concat", [one.value, other.value], { axis: 1 }));
}

/** ELU with α = 1. */
export function elu(graph: OnnxGraph, signal: Signal): Signal {
  return sameSteps(signal, graph.node("Elu", [signal.value]));
}

/** max(x, slope · x). */
export function leakyRelu(graph: OnnxGraph, signal: Signal, slope: number): Signal {
  return sameSteps(signal, graph.node("LeakyRelu", [signal.value], { alpha: { float: slope } }));
}

/** Hyperbolic tangent. */
export function tanh(graph: OnnxGraph, signal: Signal): Signal {
  return sameSteps(signal, graph.node("Tanh", [signal.value]));
}

/**
 * The exact GELU, x/2 · (1 + erf(x/√2)), of any value; of these very nodes, which runtimes know
 * and compute as one.
 */
export function gelu(graph: OnnxGraph, value: string): string {
  const scaled = graph.node("Div", [value, graph.floats([Math.SQRT2], [])]);
  const raised = graph.node("Add", [graph.node("Erf", [scaled]), graph.floats([1], [])]);
  const product = graph.node("Mul", [value, raised]);
  return graph.node("Mul", [product, graph.floats([0.5], [])]);
}

/** Two signals added, step by step. */
export function add(graph: OnnxGraph, one: Signal, other: Signal): Signal {
  return joined(one, other, graph.node("Add", [one.value, other.value]));
}
