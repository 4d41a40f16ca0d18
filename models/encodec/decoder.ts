/**
 * EnCodec's decoder, cut where its layers no longer look back without end.
 *
 * @module
 */
import type { Signal } from "../graph/signal.ts";
import { type EncodecConfig } from "./config.ts";
import type { EncodecLayers } from "./layers.ts";

/** Channels of the features between the two halves of the decoder, as of the encoder. */
export function featureChannels({ filters, strides }: EncodecConfig): number {
  return filters * 2 ** strides.length;
}

/** What codes stand for, to features: the first convolution and the recurrent layers. */
export function featuresOf(layers: EncodecLayers, latents: Signal): Signal {
  const channels = featureChannels(layers.config);
  const { kernel } = layers.config;
  return layers.recurrent(layers.convolution(latents, { layer: 0, channels, kernel }), 1);
}

/** Features to audio. Nothing holds it within −1 and 1. */
export function synthesise(layers: EncodecLayers, features: Signal): Signal {
  const { strides, residualUnits, lastKernel } = layers.config;
  let signal = features;
  let layer = 2;
  for (const stride of strides.toReversed()) {
    // Activations count as layers.
    layer++;
    signal = layers.transposed(layers.elu(signal), layer++, stride);
    for (let unit = 0; unit < residualUnits; unit++) {
      signal = layers.residualUnit(signal, layer++, unit);
    }
  }
  return layers.convolution(layers.elu(signal), {
    layer: layer + 1,
    channels: 1,
    kernel: lastKernel,
  });
}
