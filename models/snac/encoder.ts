/**
 * The encoding half of SNAC.
 *
 * @module
 */
import type { CheckpointWeights } from "../checkpoint_weights.ts";
import { convolution } from "../graph/convolution.ts";
import type { OnnxGraph } from "../graph/graph.ts";
import { localAttention } from "../graph/local_attention.ts";
import {
  type NormalisedQuantizer,
  normalisedQuantizer,
  quantise,
} from "../graph/normalised_quantizer.ts";
import { residualUnit, snakeLayer } from "../graph/residual_unit.ts";
import { inputSignal, type Signal } from "../graph/signal.ts";
import type { SnacConfig } from "./config.ts";

/** Dilations of the residual units of a stage, in the encoder as in the decoder. */
export const DILATIONS = [1, 3, 9];

/** Names of the tensors of codes, one a codebook. */
export function codeNames({ strides }: SnacConfig): string[] {
  return strides.map((_, layer) => `codes_${layer + 1}`);
}

/** The layers of the quantiser: the encoder searches them, the decoder looks up in them. */
export function snacQuantizers(
  weights: CheckpointWeights,
  { strides, latentChannels, codebookSize, codebookChannels }: SnacConfig,
): NormalisedQuantizer[] {
  return strides.map((stride, layer) =>
    normalisedQuantizer(weights, `quantizer.quantizers.${layer}`, {
      channels: latentChannels,
      entries: codebookSize,
      dimensions: codebookChannels,
      stride,
    })
  );
}

/**
 * Adds the encoder to a graph: `audio` in, `codes_1` … out.
 *
 * @returns What the codes depend on.
 */
export function addEncoder(
  graph: OnnxGraph,
  weights: CheckpointWeights,
  config: SnacConfig,
): Signal {
  const audio = graph.input({ name: "audio", type: "float32", shape: ["batch", 1, "samples"] });
  const latents = encodedLatents(graph, inputSignal(audio, 1, 1), weights, config);
  const { codes, reach } = quantise(graph, latents, snacQuantizers(weights, config));
  codeNames(config).forEach((name, layer) =>
    graph.output(
      { name, type: "int64", shape: ["batch", `frames_${layer + 1}`] },
      codes[layer] ?? "",
    )
  );
  return reach;
}

/** What the quantiser gets: one step a frame. */
function encodedLatents(
  graph: OnnxGraph,
  audio: Signal,
  weights: CheckpointWeights,
  { encoderChannels, encoderRates, attentionWindow, depthwise }: SnacConfig,
): Signal {
  let index = 0;
  const next = () => `encoder.block.${index++}`;
  const first = weights.convolution(next(), [encoderChannels, 1, 7], encoderChannels);
  let signal = convolution(graph, audio, first, { padding: [3, 3] });
  for (const rate of encoderRates) {
    signal = encoderStage(graph, signal, weights, `${next()}.block`, { rate, depthwise });
  }
  if (attentionWindow !== null) {
    signal = localAttention(graph, signal, weights, next(), attentionWindow);
  }
  const { channels } = signal;
  const groups = depthwise ? channels : 1;
  const last = weights.convolution(next(), [channels, channels / groups, 7], channels);
  return convolution(graph, signal, last, { groups, padding: [3, 3] });
}

function encoderStage(
  graph: OnnxGraph,
  input: Signal,
  weights: CheckpointWeights,
  prefix: string,
  { rate, depthwise }: { readonly rate: number; readonly depthwise: boolean },
): Signal {
  const { channels } = input;
  const groups = depthwise ? channels : 1;
  let signal = input;
  for (const [unit, dilation] of DILATIONS.entries()) {
    signal = residualUnit(graph, signal, weights, `${prefix}.${unit}`, { dilation, groups });
  }
  signal = snakeLayer(graph, signal, weights, `${prefix}.3`);
  const down = weights.convolution(
    `${prefix}.4`,
    [2 * channels, channels, 2 * rate],
    2 * channels,
  );
  const padding = Math.ceil(rate / 2);
  return convolution(graph, signal, down, { stride: rate, padding: [padding, padding] });
}
