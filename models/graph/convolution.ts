/**
 * Convolutions along time.
 *
 * @module
 */
import type { OnnxGraph } from "./graph.ts";
import { isPolyphase, polyphaseConvolution } from "./polyphase.ts";
import { rowConvolution } from "./row_convolution.ts";
import type { Signal } from "./signal.ts";
import type { Weight } from "./weight.ts";

/** A convolution's weights, as PyTorch lays them out. */
export interface ConvolutionWeights {
  /** [out, in / groups, kernel]; of a transposed one [in, out / groups, kernel]. */
  readonly weight: Weight;
  /** [out]; null where there is none. */
  readonly bias: Weight | null;
}

/** How a convolution moves. */
export interface ConvolutionOptions {
  /** @default {1} */
  readonly stride?: number;
  /** @default {1} */
  readonly dilation?: number;
  /** @default {1} */
  readonly groups?: number;
  /**
   * Zeros before and after. Padding of another kind is written first, with `padSteps`.
   * @default {[0, 0]}
   */
  readonly padding?: readonly [before: number, after: number];
}

/** ONNX `Conv`: torch's `Conv1d`. */
export function convolution(
  graph: OnnxGraph,
  signal: Signal,
  { weight, bias }: ConvolutionWeights,
  options: ConvolutionOptions = {},
): Signal {
  const { stride = 1, dilation = 1, groups = 1, padding = [0, 0] } = options;
  const [channels = 0, inputs = 0, kernel = 0] = weight.shape;
  checkChannels(weight, signal.channels, inputs * groups);
  const value = rowConvolution(graph, signal.value, {
    ...{ weight, bias, padding, stride, dilation, groups },
  });
  // Output t sees the input steps t·stride − padding[0] + (0 … kernel − 1)·dilation.
  const reach = (kernel - 1) * dilation - padding[0];
  return {
    value,
    channels,
    hop: signal.hop * stride,
    before: signal.before + padding[0] * signal.hop,
    after: Math.max(0, signal.after + (reach - stride + 1) * signal.hop),
  };
}

/** How a transposed convolution moves. */
export interface TransposedOptions {
  readonly stride: number;
  /** @default {1} */
  readonly groups?: number;
  /** Output steps cut off before and after: torch's `padding`, or what causal layers trim. @default {[0, 0]} */
  readonly trim?: readonly [before: number, after: number];
  /** Steps added at the end: torch's `output_padding`. @default {0} */
  readonly outputPadding?: number;
}

/** torch's `ConvTranspose1d`: ONNX's `ConvTranspose`, or the same sums in a quicker order. */
export function transposedConvolution(
  graph: OnnxGraph,
  signal: Signal,
  { weight, bias }: ConvolutionWeights,
  options: TransposedOptions,
): Signal {
  const { stride, groups = 1, trim = [0, 0], outputPadding = 0 } = options;
  const [inputs = 0, outputs = 0, kernel = 0] = weight.shape;
  checkChannels(weight, signal.channels, inputs);
  const phases = { stride, groups, trim: [trim[0], trim[1] - outputPadding] } as const;
  const value = isPolyphase(weight, phases)
    ? polyphaseConvolution(graph, signal.value, { weight, bias }, phases)
    : graph.node("ConvTranspose", operands(graph, signal, weight, bias), {
      group: groups,
      kernel_shape: [kernel],
      output_padding: [outputPadding],
      pads: trim,
      strides: [stride],
    });
  const hop = signal.hop / stride;
  // Output j comes from the input steps (j + trim[0] − (0 … kernel − 1)) / stride.
  return {
    value,
    channels: outputs * groups,
    hop,
    before: signal.before + Math.max(0, kernel - 1 - trim[0]) * hop,
    after: signal.after + (stride - 1 + trim[0]) * hop,
  };
}

/** How `padSteps` fills what it adds: ONNX's words; `edge` is torch's `replicate`. */
export type PaddingMode = "constant" | "reflect" | "edge";

/**
 * ONNX `Pad` along time. A convolution of the padded signal then sees `before` steps back, which
 * is what the returned reach says; step 0 of the result lies `before` steps ahead of the signal's.
 */
export function padSteps(
  graph: OnnxGraph,
  signal: Signal,
  [before, after]: readonly [before: number, after: number],
  mode: PaddingMode,
): Signal {
  if (before === 0 && after === 0) return signal;
  const value = graph.node("Pad", [
    signal.value,
    graph.integers([0, 0, before, 0, 0, after]),
  ], { mode });
  return {
    ...signal,
    value,
    // Steps moved by `before`: the same step now starts that much earlier, and ends earlier too.
    before: signal.before + before * signal.hop,
    after: signal.after - before * signal.hop,
  };
}

function operands(graph: OnnxGraph, signal: Signal, weight: Weight, bias: Weight | null): string[] {
  const names = [signal.value, graph.weight(weight)];
  return bias === null ? names : [...names, graph.weight(bias)];
}

function checkChannels(weight: Weight, found: number, due: number): void {
  if (found === due) return;
  throw new TypeError(
    `Cannot convolve ${found} channels with '${weight.name}' [${weight.shape.join(", ")}]: ` +
      `it takes ${due}`,
  );
}
