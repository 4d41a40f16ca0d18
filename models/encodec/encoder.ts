/**
 * EnCodec's encoder, cut where its layers begin to look back without end.
 *
 * @module
 */
import type { Signal } from "../graph/signal.ts";
import type { EncodecLayers } from "./layers.ts";

/** Audio to features: all convolutions but the last. */
export function analyse(layers: EncodecLayers, audio: Signal): Signal {
  const { filters, kernel, strides, residualUnits } = layers.config;
  let signal = layers.convolution(audio, { layer: 0, channels: filters, kernel });
  let layer = 1;
  for (const stride of strides) {
    for (let unit = 0; unit < residualUnits; unit++) {
      signal = layers.residualUnit(signal, layer++, unit);
    }
    // Activations count as layers.
    layer++;
    const channels = 2 * signal.channels;
    signal = layers.convolution(layers.elu(signal), {
      layer: layer++,
      channels,
      kernel: 2 * stride,
      stride,
    });
  }
  return signal;
}

/** Features to what the quantiser compares. */
export function latentsOf(layers: EncodecLayers, features: Signal): Signal {
  const { latents, lastKernel, strides, residualUnits } = layers.config;
  const layer = 1 + strides.length * (residualUnits + 2);
  const signal = layers.elu(layers.recurrent(features, layer));
  return layers.convolution(signal, { layer: layer + 2, channels: latents, kernel: lastKernel });
}
