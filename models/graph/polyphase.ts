/**
 * Transposed convolutions as convolutions whose channels are then woven into steps: the same sums,
 * and a third to a half of the time on a CPU, where runtimes compute a transposed one as a product
 * of matrices that is scattered afterwards.
 *
 * With a kernel of two strides r, the steps t·r + p (0 ≤ p < r) of the output are made of the input
 * steps t and t − 1: a convolution with a kernel of two and r times as many channels. Where each
 * channel has a group of its own, the products are so small that one of matrices for each group,
 * which gives the steps in their order, is quicker still.
 *
 * @module
 */
import type { ConvolutionWeights } from "./convolution.ts";
import type { OnnxGraph } from "./graph.ts";
import { rowConvolution } from "./row_convolution.ts";
import { derivedWeight, type Weight } from "./weight.ts";

/** How a transposed convolution moves, and how the woven steps are cut. */
export interface PolyphaseOptions {
  readonly stride: number;
  /** 1, or as many as channels come out. */
  readonly groups: number;
  /** Steps cut off before and after. */
  readonly trim: readonly [before: number, after: number];
}

/** Whether a transposed convolution can be written so, weights [in, out / groups, kernel]. */
export function isPolyphase(
  weight: Weight,
  { stride, groups, trim }: PolyphaseOptions,
): boolean {
  const [, outputs, kernel] = weight.shape;
  return (groups === 1 || outputs === 1) && stride > 1 && kernel === 2 * stride &&
    trim.every((cut) => cut >= 0);
}

/**
 * The value of a transposed convolution with a kernel of two strides.
 *
 * @param value float [batch, in, steps].
 * @returns float [batch, out, (steps + 1) × stride less what is cut off].
 */
export function polyphaseConvolution(
  graph: OnnxGraph,
  value: string,
  weights: ConvolutionWeights,
  { stride, groups, trim: [before, after] }: PolyphaseOptions,
): string {
  // The last input step's second half, where all of it is cut off, need not be computed.
  const last = after < stride;
  const woven = groups === 1
    ? wovenChannels(graph, value, weights, { stride, last })
    : wovenGroups(graph, value, weights, { stride, last, groups });
  const cut = last ? after : after - stride;
  if (before === 0 && cut === 0) return woven;
  const ends = [[before], [cut === 0 ? 2 ** 31 - 1 : -cut], [2]].map((at) => graph.integers(at));
  return graph.node("Slice", [woven, ...ends]);
}

interface WovenOptions {
  readonly stride: number;
  /** Whether the step after the last one is computed too. */
  readonly last: boolean;
}

function wovenChannels(
  graph: OnnxGraph,
  value: string,
  { weight, bias }: ConvolutionWeights,
  { stride, last }: WovenOptions,
): string {
  const [, channels = 0] = weight.shape;
  const mixed = rowConvolution(graph, value, {
    weight: phases(weight, stride),
    bias: bias === null ? null : repeated(bias, stride),
    padding: [1, last ? 1 : 0],
  });
  const apart = graph.node("Reshape", [mixed, graph.integers([0, channels, stride, -1])]);
  return graph.node("Reshape", [
    graph.node("Transpose", [apart], { perm: [0, 1, 3, 2] }),
    graph.integers([0, channels, -1]),
  ]);
}

/** Of each group: [steps, the inputs now and a step before] · [those, stride]. */
function wovenGroups(
  graph: OnnxGraph,
  value: string,
  { weight, bias }: ConvolutionWeights,
  { stride, last, groups }: WovenOptions & { readonly groups: number },
): string {
  const inputs = (weight.shape[0] ?? 0) / groups;
  const shifted = (before: number, after: number) =>
    graph.node("Pad", [value, graph.integers([0, 0, before, 0, 0, after])]);
  const seen = [last ? shifted(0, 1) : value, shifted(1, last ? 0 : -1)].map((steps) =>
    graph.node("Reshape", [steps, graph.integers([0, groups, inputs, -1])])
  );
  const joined = graph.node("Concat", seen, { axis: 2 });
  const rows = graph.node("Transpose", [joined], { perm: [0, 1, 3, 2] });
  const mixed = graph.node("MatMul", [rows, graph.weight(groupPhases(weight, groups, stride))]);
  const added = bias === null
    ? mixed
    : graph.node("Add", [mixed, graph.weight(column(bias, groups))]);
  return graph.node("Reshape", [added, graph.integers([0, groups, -1])]);
}

/** [in, 1, 2 × stride] as [groups, in / groups now and as many a step before, stride]. */
function groupPhases(weight: Weight, groups: number, stride: number): Weight {
  const inputs = (weight.shape[0] ?? 0) / groups;
  const shape = [groups, 2 * inputs, stride];
  return derivedWeight(
    `${weight.name}:phases`,
    shape,
    [weight],
    (values) =>
      values.map((_, i) => {
        const [row, phase] = [Math.floor(i / stride), i % stride];
        const [group, place] = [Math.floor(row / (2 * inputs)), row % (2 * inputs)];
        const input = group * inputs + place % inputs;
        const start = input * 2 * stride + (place < inputs ? 0 : stride);
        return values[start + phase] ?? 0;
      }),
  );
}

function column(bias: Weight, length: number): Weight {
  return derivedWeight(`${bias.name}:column`, [length, 1, 1], [bias], (values) => values);
}

/** [in, out, 2 × stride] as [out × stride, in, 2]. */
function phases(weight: Weight, stride: number): Weight {
  const [inputs = 0, outputs = 0] = weight.shape;
  const shape = [outputs * stride, inputs, 2];
  return derivedWeight(`${weight.name}:phases`, shape, [weight], (values) => {
    const arranged = new Float32Array(values.length);
    let at = 0;
    for (let output = 0; output < outputs; output++) {
      for (let phase = 0; phase < stride; phase++) {
        for (let input = 0; input < inputs; input++) {
          const start = (input * outputs + output) * 2 * stride + phase;
          arranged[at++] = values[start + stride] ?? 0;
          arranged[at++] = values[start] ?? 0;
        }
      }
    }
    return arranged;
  });
}

function repeated(bias: Weight, times: number): Weight {
  const [length = 0] = bias.shape;
  const shape = [length * times];
  return derivedWeight(
    `${bias.name}:phases`,
    shape,
    [bias],
    (values) =>
      Float32Array.from({ length: length * times }, (_, i) => values[Math.floor(i / times)] ?? 0),
  );
}
