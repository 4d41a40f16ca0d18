/**
 * The decoding half of DAC.
 *
 * @module
 */
import { tanh } from "../graph/activations.ts";
import type { OnnxGraph } from "../graph/graph.ts";
import { dequantise } from "../graph/normalised_quantizer.ts";
import { residualUnit, snakeLayer } from "../graph/residual_unit.ts";
import type { Signal } from "../graph/signal.ts";
import { centred, type HalfOptions } from "./encoder.ts";
import { type DacSource, DILATIONS, OUTER_KERNEL } from "./source.ts";

/**
 * Adds the decoder to a graph: `codes` in, `audio` out.
 *
 * @returns What the audio depends on.
 */
export function addDecoder(
  graph: OnnxGraph,
  source: DacSource,
  { quantizers, edges }: HalfOptions,
): Signal {
  const { config, weights, names: { decoder, unit } } = source;
  const layers = quantizers.length;
  const codes = graph.input({ name: "codes", type: "int64", shape: ["batch", layers, "frames"] });
  const rows = quantizers.map((_, layer) =>
    graph.node("Gather", [codes, graph.integers([layer], [])], { axis: 1 })
  );
  const latents = dequantise(graph, rows, quantizers, config.hop);
  const { decoderChannels, decoderRates, latentChannels } = config;
  const firstShape = [decoderChannels, latentChannels, OUTER_KERNEL];
  const first = weights.convolution(decoder.first, firstShape, decoderChannels);
  let signal = edges.convolution(graph, latents, first, centred(OUTER_KERNEL));
  for (const [index, rate] of decoderRates.entries()) {
    const stage = decoder.stage(index);
    signal = snakeLayer(graph, signal, weights, stage.snake);
    const { channels } = signal;
    const shape = [channels, channels / 2, 2 * rate];
    const up = weights.convolution(stage.resampling, shape, channels / 2);
    const edge = Math.ceil(rate / 2);
    signal = edges.transposed(graph, signal, up, { stride: rate, trim: [edge, edge] });
    for (const [i, dilation] of DILATIONS.entries()) {
      const options = { dilation, layers: unit, edges };
      signal = residualUnit(graph, signal, weights, stage.unit(i), options);
    }
  }
  signal = snakeLayer(graph, signal, weights, decoder.snake);
  const last = weights.convolution(decoder.last, [1, signal.channels, OUTER_KERNEL], 1);
  signal = tanh(graph, edges.convolution(graph, signal, last, centred(OUTER_KERNEL)));
  graph.output({ name: "audio", type: "float32", shape: ["batch", 1, "samples"] }, signal.value);
  return signal;
}

/** Samples that decoding gives less than frames × hop: odd strides give one step less. */
export function shortfallOf(rates: readonly number[]): number {
  return rates.reduce((missing, rate) => missing * rate + rate % 2, 0);
}
