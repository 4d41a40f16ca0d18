/**
 * The encoding half of DAC.
 *
 * @module
 */
import type { Edges } from "../graph/edges.ts";
import type { OnnxGraph } from "../graph/graph.ts";
import { type NormalisedQuantizer, quantise } from "../graph/normalised_quantizer.ts";
import { residualUnit, snakeLayer } from "../graph/residual_unit.ts";
import { inputSignal, type Signal } from "../graph/signal.ts";
import { type DacSource, DILATIONS, LATENT_KERNEL, OUTER_KERNEL } from "./source.ts";

/** What a half of the codec is built with. */
export interface HalfOptions {
  /** The codebooks that are used. */
  readonly quantizers: readonly NormalisedQuantizer[];
  /** What convolutions find beyond the ends of a clip. */
  readonly edges: Edges;
}

/**
 * Adds the encoder to a graph: `audio` in, `codes` out.
 *
 * @returns What the codes depend on.
 */
export function addEncoder(
  graph: OnnxGraph,
  source: DacSource,
  { quantizers, edges }: HalfOptions,
): Signal {
  const audio = graph.input({ name: "audio", type: "float32", shape: ["batch", 1, "samples"] });
  const latents = encodedLatents(graph, inputSignal(audio, 1, 1), source, edges);
  const { codes, reach } = quantise(graph, latents, quantizers);
  const layers = codes.map((row) => graph.node("Unsqueeze", [row, graph.integers([1])]));
  graph.output(
    { name: "codes", type: "int64", shape: ["batch", codes.length, "frames"] },
    graph.node("Concat", layers, { axis: 1 }),
  );
  return reach;
}

/** What the quantiser gets: one step a frame. */
function encodedLatents(
  graph: OnnxGraph,
  audio: Signal,
  { config, weights, names: { encoder, unit } }: DacSource,
  edges: Edges,
): Signal {
  const { encoderChannels, encoderRates, latentChannels } = config;
  const first = weights.convolution(
    encoder.first,
    [encoderChannels, 1, OUTER_KERNEL],
    encoderChannels,
  );
  let signal = edges.convolution(graph, audio, first, centred(OUTER_KERNEL));
  for (const [index, rate] of encoderRates.entries()) {
    const stage = encoder.stage(index);
    for (const [i, dilation] of DILATIONS.entries()) {
      const options = { dilation, layers: unit, edges };
      signal = residualUnit(graph, signal, weights, stage.unit(i), options);
    }
    signal = snakeLayer(graph, signal, weights, stage.snake);
    const { channels } = signal;
    const shape = [2 * channels, channels, 2 * rate];
    const down = weights.convolution(stage.resampling, shape, 2 * channels);
    const edge = Math.ceil(rate / 2);
    signal = edges.convolution(graph, signal, down, { stride: rate, padding: [edge, edge] });
  }
  signal = snakeLayer(graph, signal, weights, encoder.snake);
  const shape = [latentChannels, signal.channels, LATENT_KERNEL];
  const last = weights.convolution(encoder.last, shape, latentChannels);
  return edges.convolution(graph, signal, last, centred(LATENT_KERNEL));
}

/** As many steps out as in. */
export function centred(kernel: number): { readonly padding: readonly [number, number] } {
  const edge = (kernel - 1) / 2;
  return { padding: [edge, edge] };
}
