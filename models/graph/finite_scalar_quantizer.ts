/**
 * Finite scalar quantisation (Mentzer et al., arXiv:2309.15505) in groups, as NeMo computes it:
 * each dimension of a latent is rounded to one of a few levels, and the levels of a group's
 * dimensions are the digits of its code. There are no codebooks to learn.
 *
 * @module
 */
import { product } from "../product.ts";
import type { OnnxGraph } from "./graph.ts";
import { inputSignal, type Signal } from "./signal.ts";
import type { Weight } from "./weight.ts";

/** A finite scalar quantiser, the same for each group. */
export interface FiniteScalarQuantizer {
  /** Groups of dimensions; each gives a code. */
  readonly groups: number;
  /** Levels of each dimension of a group, the least significant digit first. */
  readonly levels: readonly number[];
  /** By how much the outermost levels are drawn in. */
  readonly epsilon: number;
}

/**
 * Codes of latents: each dimension is s·tanh(x + h) − o, rounded half to even, with s = (levels −
 * 1)/2 · (1 − ε), o = ½ where the number of levels is even, and h = tan(o/s).
 *
 * @param latents [batch, groups · dimensions, frames]; in float32, as the reference rounds.
 * @returns int64 [batch, groups, frames].
 */
export function finiteScalarCodes(
  graph: OnnxGraph,
  latents: Signal,
  { groups, levels, epsilon }: FiniteScalarQuantizer,
): string {
  const constant = (values: readonly number[]) => graph.floats(values, [1, 1, levels.length, 1]);
  const scales = levels.map((count) => Math.fround((count - 1) / 2 * Math.fround(1 - epsilon)));
  const offsets = levels.map((count) => count % 2 === 0 ? 0.5 : 0);
  const shifts = offsets.map((offset, i) => Math.tan(Math.fround(offset / (scales[i] ?? 1))));
  const grouped = graph.node("Reshape", [
    latents.value,
    graph.integers([0, groups, levels.length, -1]),
  ]);
  const squashed = graph.node("Tanh", [graph.node("Add", [grouped, constant(shifts)])]);
  const scaled = graph.node("Mul", [squashed, constant(scales)]);
  const rounded = graph.node("Round", [graph.node("Sub", [scaled, constant(offsets)])]);
  const digits = graph.node("Add", [rounded, constant(levels.map(half))]);
  const places = graph.node("Mul", [digits, constant(placesOf(levels))]);
  const sum = graph.node("ReduceSum", [places, graph.integers([2])], { keepdims: 0 });
  return graph.node("Cast", [sum], { to: INT64 });
}

/**
 * The latents that codes stand for: −1 to 1, in steps of 1 / ⌊levels / 2⌋.
 *
 * @param codes int64 [batch, groups, frames].
 * @param hop Samples of a frame.
 */
export function finiteScalarLatents(
  graph: OnnxGraph,
  codes: string,
  { groups, levels }: FiniteScalarQuantizer,
  hop: number,
): Signal {
  const entries = graph.node("Gather", [graph.weight(tableOf(levels)), codes]);
  const turned = graph.node("Transpose", [entries], { perm: [0, 1, 3, 2] });
  const channels = groups * levels.length;
  const joined = graph.node("Reshape", [turned, graph.integers([0, channels, -1])]);
  return inputSignal(joined, channels, hop);
}

/** What each digit of a code counts. */
export function placesOf(levels: readonly number[]): number[] {
  return levels.map((_, i) => product(levels.slice(0, i)));
}

/** The latents of every code of a group, [codes, dimensions]. */
function tableOf(levels: readonly number[]): Weight {
  const places = placesOf(levels);
  const codes = (places.at(-1) ?? 1) * (levels.at(-1) ?? 1);
  const dimensions = levels.length;
  return {
    name: "levels of codes",
    shape: [codes, dimensions],
    load: () =>
      Promise.resolve(Float32Array.from({ length: codes * dimensions }, (_, i) => {
        const [code, dimension] = [Math.floor(i / dimensions), i % dimensions];
        const count = levels[dimension] ?? 1;
        const digit = Math.floor(code / (places[dimension] ?? 1)) % count;
        return (digit - half(count)) / half(count);
      })),
  };
}

function half(levels: number): number {
  return Math.floor(levels / 2);
}

/** ONNX's number of the type. */
const INT64 = 7;
