/**
 * Noise that a graph computes from a seed: the same at the same step of the same clip on every
 * run, in pieces as in one. ONNX's own random operators have no such order.
 *
 * A step's number goes through a permutation of the field of 2³¹ − 1 elements, x ↦ (a·x + b)⁵
 * twice, which int64 arithmetic computes without rounding. (5 and 2³¹ − 2 have no common divisor.)
 * Two of its values make one normal one (Box & Muller, 1958).
 *
 * @module
 */
import type { OnnxGraph } from "./graph.ts";
import { DataType } from "./onnx_pb.ts";
import type { Signal } from "./signal.ts";

/** A prime whose residues' products fit int64. */
const FIELD = 2 ** 31 - 1;

/** Which noise. */
export interface NoiseOptions {
  /** A whole number from 0 to 2³¹ − 2. */
  readonly seed: number;
  /** Tells apart the noise of several layers. */
  readonly stream: number;
  /** int64 [1]: where the signal starts in its clip, in samples; a multiple of its hop. */
  readonly position: string;
}

/** Whether a seed is one. */
export function isNoiseSeed(seed: number): boolean {
  return Number.isInteger(seed) && seed >= 0 && seed < FIELD;
}

/**
 * Independent values of mean 0 and variance 1, one for each step of a signal: float [1, 1, steps].
 * Computed in float32 whatever the graph's precision.
 */
export function seededNoise(graph: OnnxGraph, signal: Signal, options: NoiseOptions): string {
  const { precision } = graph;
  const steps = graph.node("Shape", [signal.value], { start: 2, end: 3 });
  const first = graph.node("Div", [options.position, graph.integers([signal.hop])]);
  const last = graph.node("Add", [first, steps]);
  const [from, to] = [first, last].map((value) => graph.node("Squeeze", [value]));
  const numbers = graph.node("Range", [from ?? "", to ?? "", graph.integers([1], [])]);
  // [2, 1, steps]: 2t in the first row, 2t + 1 in the second.
  const even = graph.node("Mul", [numbers, graph.integers([2], [])]);
  const pairs = graph.node("Add", [even, graph.integers([0, 1], [2, 1, 1])]);
  const mixed = permuted(graph, pairs, roundsOf(options));
  graph.precision = "float32";
  return graph.to(precision, normalOf(graph, mixed));
}

/** a and b of one round. */
type Round = readonly [factor: number, offset: number];

/** The rounds of a seed and stream: the permutation itself, applied to the two of them. */
function roundsOf({ seed, stream }: NoiseOptions): readonly Round[] {
  const field = BigInt(FIELD);
  let state = BigInt(seed);
  const mixIn = (value: number) => {
    for (const [factor, offset] of [[48_271n, BigInt(value) + 1n], [69_621n, 7n]] as const) {
      state = ((state * factor + offset) % field) ** 5n % field;
    }
    return Number(state);
  };
  mixIn(stream);
  return [0, 1].map((round) => [1 + mixIn(2 * round) % (FIELD - 1), mixIn(2 * round + 1)]);
}

/** int64 values below 2³¹ to others of which none comes twice. */
function permuted(graph: OnnxGraph, values: string, rounds: readonly Round[]): string {
  const field = graph.integers([FIELD], []);
  const times = (one: string, other: string) =>
    graph.node("Mod", [graph.node("Mul", [one, other]), field]);
  let x = values;
  for (const [factor, offset] of rounds) {
    const scaled = graph.node("Mul", [x, graph.integers([factor], [])]);
    x = graph.node("Mod", [
      graph.node("Add", [scaled, graph.integers([offset], [])]),
      field,
    ]);
    const square = times(x, x);
    x = times(times(square, square), x);
  }
  return x;
}

/** √(−2·ln u)·cos(2π·v) of [2, 1, steps] field elements, u and v in (0, 1]. */
function normalOf(graph: OnnxGraph, elements: string): string {
  const positive = graph.node("Add", [elements, graph.integers([1], [])]);
  const uniform = graph.node("Mul", [
    graph.node("Cast", [positive], { to: DataType.FLOAT }),
    graph.floats([1 / (FIELD + 1)], []),
  ]);
  const [u = "", v = ""] = graph.nodes("Split", [uniform], { axis: 0 }, 2);
  const radius = graph.node("Sqrt", [
    graph.node("Mul", [graph.node("Log", [u]), graph.floats([-2], [])]),
  ]);
  const angle = graph.node("Mul", [v, graph.floats([2 * Math.PI], [])]);
  return graph.node("Mul", [radius, graph.node("Cos", [angle])]);
}
