/**
 * The decoder of a NeMo codec.
 *
 * @module
 */
import { tanh } from "../graph/activations.ts";
import { causalTransposedConvolution } from "../graph/causal_convolution.ts";
import { transposedConvolution } from "../graph/convolution.ts";
import { sameSteps, type Signal } from "../graph/signal.ts";
import type { NemoDecoder } from "./config.ts";
import type { NemoLayers } from "./layers.ts";

/** Latents to audio, [batch, 1, samples]. */
export function audioOf(layers: NemoLayers, decoder: NemoDecoder, latents: Signal): Signal {
  const { rates, baseChannels, inKernel, outKernel } = decoder;
  const first = layers.convolution(latents, "pre_conv", {
    channels: baseChannels,
    kernel: inKernel,
  });
  const last = rates.reduce((signal, stride, i) => {
    const activated = layers.activation(signal, `activations.${i}`);
    const name = `up_sample_conv_layers.${i}`;
    return layers.residualLayer(
      upsampled(layers, decoder, activated, name, stride),
      `res_layers.${i}`,
    );
  }, first);
  const activated = layers.activation(last, "post_activation");
  const audio = layers.convolution(activated, "post_conv", { channels: 1, kernel: outKernel });
  return outputActivation(layers, decoder, audio);
}

function upsampled(
  layers: NemoLayers,
  { grouped, causal }: NemoDecoder,
  signal: Signal,
  name: string,
  stride: number,
): Signal {
  const channels = Math.floor(signal.channels / 2);
  const groups = grouped ? channels : 1;
  const weights = layers.weights(name, [signal.channels, channels / groups, 2 * stride], channels);
  if (causal) return causalTransposedConvolution(layers.graph, signal, weights, { stride, groups });
  const trimmed = Math.floor((stride + 1) / 2);
  return transposedConvolution(layers.graph, signal, weights, {
    stride,
    groups,
    trim: [trimmed, trimmed],
    outputPadding: stride % 2,
  });
}

function outputActivation(layers: NemoLayers, { outputActivation }: NemoDecoder, audio: Signal) {
  const { graph } = layers;
  if (outputActivation === "tanh") return tanh(graph, audio);
  const bounds = [graph.floats([-1], []), graph.floats([1], [])];
  return sameSteps(audio, graph.node("Clip", [audio.value, ...bounds]));
}
