/**
 * The decoding half of SNAC.
 *
 * @module
 */
import type { CheckpointWeights } from "../checkpoint_weights.ts";
import { tanh } from "../graph/activations.ts";
import { convolution, transposedConvolution } from "../graph/convolution.ts";
import type { OnnxGraph } from "../graph/graph.ts";
import { localAttention } from "../graph/local_attention.ts";
import { dequantise } from "../graph/normalised_quantizer.ts";
import { residualUnit, snakeLayer } from "../graph/residual_unit.ts";
import { seededNoise } from "../graph/seeded_noise.ts";
import { joined, sameSteps, type Signal } from "../graph/signal.ts";
import type { SnacConfig } from "./config.ts";
import { codeNames, DILATIONS, snacQuantizers } from "./encoder.ts";

/** Where the noise of a decoder comes from. */
export interface NoiseSource {
  readonly seed: number;
  /** Name of the input that says at which sample of the clip the audio starts. */
  readonly position: string;
}

/** What a decoder is made of. */
export interface DecoderParts {
  readonly graph: OnnxGraph;
  readonly weights: CheckpointWeights;
  readonly config: SnacConfig;
  /** Null for no noise: the expected value of what noise blocks add. */
  readonly noise: NoiseSource | null;
}

/**
 * Adds the decoder to a graph: `codes_1` … in, `audio` out.
 *
 * @returns What the audio depends on.
 */
export function addDecoder(parts: DecoderParts): Signal {
  const { graph, weights, config, noise } = parts;
  const codes = codeNames(config).map((name, layer) =>
    graph.input({ name, type: "int64", shape: ["batch", `frames_${layer + 1}`] })
  );
  if (noise !== null) graph.input({ name: noise.position, type: "int64", shape: [1] });
  const latents = dequantise(graph, codes, snacQuantizers(weights, config), config.hop);
  let index = 0;
  const next = () => `decoder.model.${index++}`;
  let signal = openingLayers(parts, latents, next);
  for (const [stage, rate] of config.decoderRates.entries()) {
    signal = decoderStage(parts, signal, `${next()}.block`, stage, rate);
  }
  signal = snakeLayer(graph, signal, weights, next());
  const last = weights.convolution(next(), [1, signal.channels, 7], 1);
  signal = tanh(graph, convolution(graph, signal, last, { padding: [3, 3] }));
  graph.output({ name: "audio", type: "float32", shape: ["batch", 1, "samples"] }, signal.value);
  return signal;
}

/** Up to the first stage: as many steps as there are frames. */
function openingLayers(
  { graph, weights, config }: DecoderParts,
  latents: Signal,
  next: () => string,
): Signal {
  const { latentChannels, decoderChannels, attentionWindow, depthwise } = config;
  const layer = (outputs: number, groups: number, kernel: number) =>
    weights.convolution(next(), [outputs, latentChannels / groups, kernel], outputs);
  const padding = [3, 3] as const;
  let signal: Signal;
  if (depthwise) {
    const groups = latentChannels;
    signal = convolution(graph, latents, layer(groups, groups, 7), { groups, padding });
    signal = convolution(graph, signal, layer(decoderChannels, 1, 1));
  } else {
    signal = convolution(graph, latents, layer(decoderChannels, 1, 7), { padding });
  }
  return attentionWindow === null
    ? signal
    : localAttention(graph, signal, weights, next(), attentionWindow);
}

function decoderStage(
  parts: DecoderParts,
  input: Signal,
  prefix: string,
  stage: number,
  rate: number,
): Signal {
  const { graph, weights, config } = parts;
  let index = 0;
  const next = () => `${prefix}.${index++}`;
  const channels = input.channels / 2;
  const opened = snakeLayer(graph, input, weights, next());
  const up = weights.convolution(next(), [input.channels, channels, 2 * rate], channels);
  const cut = Math.ceil(rate / 2);
  let signal = transposedConvolution(graph, opened, up, {
    stride: rate,
    trim: [cut, cut],
    outputPadding: rate % 2,
  });
  if (config.noise) signal = noiseBlock(parts, signal, next(), stage);
  for (const dilation of DILATIONS) {
    const groups = config.depthwise ? channels : 1;
    signal = residualUnit(graph, signal, weights, next(), { dilation, groups });
  }
  return signal;
}

/** x + noise · linear(x), the same noise for all channels. */
function noiseBlock(
  { graph, weights, noise }: DecoderParts,
  signal: Signal,
  prefix: string,
  stream: number,
): Signal {
  const { channels } = signal;
  const linear = weights.convolution(`${prefix}.linear`, [channels, channels, 1], null);
  if (noise === null) return signal;
  const strength = convolution(graph, signal, linear);
  const values = seededNoise(graph, signal, { ...noise, stream });
  const added = sameSteps(strength, graph.node("Mul", [strength.value, values]));
  return joined(signal, added, graph.node("Add", [signal.value, added.value]));
}
