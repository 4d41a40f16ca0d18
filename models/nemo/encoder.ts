/**
 * The encoder of a NeMo codec.
 *
 * @module
 */
import type { Signal } from "../graph/signal.ts";
import type { NemoLayers } from "./layers.ts";

/** Audio to latents, [batch, latents, frames]. */
export function latentsOf(layers: NemoLayers, audio: Signal): Signal {
  const { rates, baseChannels, latents, inKernel, outKernel } = layers.half;
  const first = layers.convolution(audio, "pre_conv", { channels: baseChannels, kernel: inKernel });
  const last = rates.reduce((signal, stride, i) => {
    const residual = layers.residualLayer(signal, `res_layers.${i}`);
    const activated = layers.activation(residual, `activations.${i}`);
    return layers.convolution(activated, `down_sample_conv_layers.${i}`, {
      channels: 2 * signal.channels,
      kernel: 2 * stride,
      stride,
    });
  }, first);
  const activated = layers.activation(last, "post_activation");
  return layers.convolution(activated, "post_conv", { channels: latents, kernel: outKernel });
}
