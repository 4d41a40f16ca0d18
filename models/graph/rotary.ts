/**
 * Rotary position embedding (Su et al., arXiv:2104.09864): pairs of channels of queries and keys
 * are turned by an angle that grows with the position, so that their product knows the distance.
 *
 * Pairs are channels j and j + half of a head. Checkpoints that turn neighbours 2j and 2j + 1 have
 * the rows of their weights reordered: `halvesFromPairs`.
 *
 * @module
 */
import type { OnnxGraph } from "./graph.ts";
import { DataType } from "./onnx_pb.ts";
import { torchExp } from "./torch_exp.ts";
import { derivedWeight, type Weight } from "./weight.ts";

/** Cosines and signed sines, to multiply with; both [positions, channels of a head], or what broadcasts so. */
export interface RotaryTables {
  readonly cosine: string;
  readonly sine: string;
}

/**
 * Radians that each pair turns by from one position to the next, base^(−2j / channels), to the
 * last bit what torch makes of `exp(j · (−ln(base) · 2 / channels))`: at position 45,000 that bit
 * is worth thousandths of a radian.
 */
export function rotaryFrequencies(channels: number, base: number): Float32Array {
  const exponent = Math.fround((-Math.log(base) * 2) / channels);
  return Float32Array.from(
    { length: channels / 2 },
    (_, pair) => torchExp(Math.fround(pair * exponent)),
  );
}

/**
 * The tables for as many positions as a graph finds out, from 0 on. Computed in float32 whatever
 * the graph's precision.
 *
 * @param count int64 [], how many.
 */
export function rotaryTables(
  graph: OnnxGraph,
  count: string,
  frequencies: Float32Array,
): RotaryTables {
  const { precision } = graph;
  graph.precision = "float32";
  const [zero, one] = [graph.integers([0], []), graph.integers([1], [])];
  const positions = graph.node("Cast", [graph.node("Range", [zero, count, one])], {
    to: DataType.FLOAT,
  });
  const column = graph.node("Unsqueeze", [positions, graph.integers([1])]);
  const angles = graph.node("Mul", [column, graph.floats(frequencies, [1, frequencies.length])]);
  const [cosine, sine] = [graph.node("Cos", [angles]), graph.node("Sin", [angles])];
  const both = graph.node("Concat", [cosine, cosine], { axis: 1 });
  const signed = graph.node("Concat", [graph.node("Neg", [sine]), sine], { axis: 1 });
  const cosines = graph.to(precision, both);
  graph.precision = "float32";
  return { cosine: cosines, sine: graph.to(precision, signed) };
}

/**
 * Turns the last axis of a value: x · cos + swapped halves of x · signed sin.
 *
 * @param value float [..., positions, channels of a head].
 */
export function rotate(graph: OnnxGraph, value: string, { cosine, sine }: RotaryTables): string {
  const [first = "", second = ""] = graph.nodes("Split", [value], { axis: -1 }, 2);
  const swapped = graph.node("Concat", [second, first], { axis: -1 });
  return graph.node("Add", [
    graph.node("Mul", [value, cosine]),
    graph.node("Mul", [swapped, sine]),
  ]);
}

/**
 * Reorders the rows of a projection to queries or keys that turns neighbours, so that halves are
 * turned: products of the two stay what they were.
 *
 * @param weight [heads × channels of a head, inputs].
 */
export function halvesFromPairs(weight: Weight, heads: number): Weight {
  const [rows = 0, columns = 0] = weight.shape;
  const channels = rows / heads;
  return derivedWeight(`${weight.name}:halves`, weight.shape, [weight], (values) => {
    const reordered = new Float32Array(values.length);
    for (let row = 0; row < rows; row++) {
      const within = row % channels;
      const half = within % 2 === 0 ? within / 2 : (channels + within - 1) / 2;
      const target = row - within + half;
      reordered.set(values.subarray(row * columns, (row + 1) * columns), target * columns);
    }
    return reordered;
  });
}
