/**
 * Layers of transformers that treat each step alone.
 *
 * @module
 */
import type { OnnxGraph } from "./graph.ts";
import { derivedWeight, type Weight } from "./weight.ts";

/** A weight [rows, columns] as [columns, rows]: PyTorch keeps the output first, ONNX's MatMul takes it last. */
export function transposed(weight: Weight): Weight {
  const [rows = 0, columns = 0] = weight.shape;
  return derivedWeight(`${weight.name}:transposed`, [columns, rows], [weight], (values) => {
    const turned = new Float32Array(values.length);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        turned[column * rows + row] = values[row * columns + column] ?? 0;
      }
    }
    return turned;
  });
}

/** Each row of a weight [rows, …] times its factor: a layer and the scale of its output in one. */
export function scaledRows(weight: Weight, factors: Weight): Weight {
  const [rows = 0] = weight.shape;
  if (factors.shape.join() !== `${rows}`) {
    throw new TypeError(
      `Cannot scale '${weight.name}' [${weight.shape.join(", ")}] with '${factors.name}' ` +
        `[${factors.shape.join(", ")}]`,
    );
  }
  return derivedWeight(
    `${weight.name}:scaled`,
    weight.shape,
    [weight, factors],
    (values, scale) => {
      const width = values.length / rows;
      return values.map((value, i) => value * (scale[Math.floor(i / width)] ?? 0));
    },
  );
}

/**
 * torch's `Linear` without a bias.
 *
 * @param value float [batch, steps, inputs].
 * @param weight [outputs, inputs].
 * @returns float [batch, steps, outputs].
 */
export function linear(graph: OnnxGraph, value: string, weight: Weight): string {
  return graph.node("MatMul", [value, graph.weight(transposed(weight))]);
}

/** What a layer norm learns. */
export interface NormWeights {
  /** [channels]. */
  readonly weight: Weight;
  /** [channels]. */
  readonly bias: Weight;
}

/**
 * torch's `LayerNorm` over the channels.
 *
 * @param value float [batch, steps, channels].
 */
export function layerNorm(
  graph: OnnxGraph,
  value: string,
  { weight, bias }: NormWeights,
  epsilon: number,
): string {
  return graph.node(
    "LayerNormalization",
    [value, graph.weight(weight), graph.weight(bias)],
    { axis: -1, epsilon: { float: epsilon } },
  );
}
