/**
 * ONNX's `Conv` along time, in the form that runtimes compute fastest.
 *
 * The CPU kernels that need no unfolded copy of their input know two dimensions only. Written as
 * rows of an image of height 1, which costs no copy either, most whole codecs take 2 to 8 % less
 * time, and depthwise convolutions a seventh. A kernel of one step is a product of matrices in
 * both forms, quicker in the plain one.
 *
 * @module
 */
import type { OnnxGraph } from "./graph.ts";
import { derivedWeight, type Weight } from "./weight.ts";

/** A convolution to write; `convolution` of `convolution.ts` says what its fields mean. */
export interface RowConvolution {
  /** [out, in / groups, kernel]. */
  readonly weight: Weight;
  readonly bias: Weight | null;
  readonly padding: readonly [before: number, after: number];
  /** @default {1} */
  readonly stride?: number;
  /** @default {1} */
  readonly dilation?: number;
  /** @default {1} */
  readonly groups?: number;
}

/** A value [batch, in, steps] as [batch, out, steps / stride]. */
export function rowConvolution(
  graph: OnnxGraph,
  value: string,
  { weight, bias, padding, stride = 1, dilation = 1, groups = 1 }: RowConvolution,
): string {
  const [outputs = 0, inputs = 0, kernel = 0] = weight.shape;
  const [before, after] = padding;
  const stored = (shaped: Weight) =>
    (bias === null ? [shaped] : [shaped, bias]).map((one) => graph.weight(one));
  if (kernel === 1) {
    return graph.node("Conv", [value, ...stored(weight)], {
      dilations: [dilation],
      group: groups,
      kernel_shape: [kernel],
      pads: [before, after],
      strides: [stride],
    });
  }
  const axis = graph.integers([2]);
  const shape = [outputs, inputs, 1, kernel];
  const row = derivedWeight(`${weight.name}:row`, shape, [weight], (values) => values);
  const operands = [graph.node("Unsqueeze", [value, axis]), ...stored(row)];
  const convolved = graph.node("Conv", operands, {
    dilations: [1, dilation],
    group: groups,
    kernel_shape: [1, kernel],
    pads: [0, before, 0, after],
    strides: [1, stride],
  });
  return graph.node("Squeeze", [convolved, axis]);
}
