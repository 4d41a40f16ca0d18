/**
 * The residual quantiser of SNAC and DAC: each layer projects what the layers before it left to a
 * few dimensions and takes the codebook entry of the nearest direction (Yu et al.,
 * arXiv:2110.04627; Kumar et al., arXiv:2306.06546).
 *
 * @module
 */
import type { CheckpointWeights } from "../checkpoint_weights.ts";
import { lookUp, nearestEntry, normalised, normalisedRows, stepsFirst } from "./codebooks.ts";
import { convolution, type ConvolutionWeights } from "./convolution.ts";
import type { OnnxGraph } from "./graph.ts";
import { joined, sameSteps, type Signal } from "./signal.ts";
import type { Weight } from "./weight.ts";

/** One layer of the quantiser. */
export interface NormalisedQuantizer {
  /** [dimensions, channels, 1] */
  readonly inProjection: ConvolutionWeights;
  /** [channels, dimensions, 1] */
  readonly outProjection: ConvolutionWeights;
  /** [entries, dimensions] */
  readonly codebook: Weight;
  /** Frames of latents that one code stands for. */
  readonly stride: number;
}

/** The sizes of a layer. */
export interface NormalisedQuantizerSizes {
  /** Channels of the latents. */
  readonly channels: number;
  readonly entries: number;
  /** Dimensions of a codebook entry. */
  readonly dimensions: number;
  /** @default {1} */
  readonly stride?: number;
}

/**
 * The weights of a layer: `prefix.in_proj`, `prefix.out_proj` and `prefix.codebook.weight`.
 */
export function normalisedQuantizer(
  weights: CheckpointWeights,
  prefix: string,
  { channels, entries, dimensions, stride = 1 }: NormalisedQuantizerSizes,
): NormalisedQuantizer {
  return {
    inProjection: weights.convolution(`${prefix}.in_proj`, [dimensions, channels, 1], dimensions),
    outProjection: weights.convolution(`${prefix}.out_proj`, [channels, dimensions, 1], channels),
    codebook: weights.tensor(`${prefix}.codebook.weight`, [entries, dimensions]),
    stride,
  };
}

/** What quantising gave. */
export interface QuantizedCodes {
  /** int64 [batch, frames / stride] of each layer. */
  readonly codes: readonly string[];
  /** What the last code depends on, which is no less than any other does. */
  readonly reach: Signal;
}

/**
 * Codes of latents. Goes on in float32, whatever precision the latents came in.
 *
 * @param latents As many frames as are a multiple of every stride.
 */
export function quantise(
  graph: OnnxGraph,
  latents: Signal,
  quantizers: readonly NormalisedQuantizer[],
): QuantizedCodes {
  let residual = sameSteps(latents, graph.to("float32", latents.value));
  const codes: string[] = [];
  for (const [layer, { inProjection, outProjection, codebook, stride }] of quantizers.entries()) {
    const projected = convolution(graph, pooled(graph, residual, stride), inProjection);
    const directions = normalised(graph, stepsFirst(graph, projected));
    const indices = nearestEntry(graph, directions, normalisedRows(codebook));
    codes.push(indices);
    if (layer === quantizers.length - 1) return { codes, reach: projected };
    const entry = passedOn(graph, projected, lookUp(graph, indices, codebook, projected.hop));
    const found = repeated(graph, convolution(graph, entry, outProjection), stride);
    residual = joined(
      residual,
      found,
      graph.node("Sub", [residual.value, found.value]),
    );
  }
  throw new TypeError("Cannot quantise: there are no layers");
}

/**
 * Latents of codes: the sum of what each layer stands for.
 *
 * @param codes int64 [batch, frames / stride] of each layer.
 * @param hop Samples that one frame of latents stands for.
 */
export function dequantise(
  graph: OnnxGraph,
  codes: readonly string[],
  quantizers: readonly NormalisedQuantizer[],
  hop: number,
): Signal {
  const parts = quantizers.map(({ outProjection, codebook, stride }, layer) => {
    const entry = lookUp(graph, codes[layer] ?? "", codebook, hop * stride);
    return repeated(graph, convolution(graph, entry, outProjection), stride);
  });
  return parts.reduce((sum, part) => joined(sum, part, graph.node("Add", [sum.value, part.value])));
}

/** The mean of each `stride` frames. */
function pooled(graph: OnnxGraph, signal: Signal, stride: number): Signal {
  if (stride === 1) return signal;
  const value = graph.node("AveragePool", [signal.value], {
    kernel_shape: [stride],
    strides: [stride],
  });
  return { ...signal, value, hop: signal.hop * stride };
}

/**
 * Each step `stride` times. A frame then depends on all frames of its group; that adds nothing to
 * the reach, because whatever is cut from a signal begins and ends where groups do.
 */
function repeated(graph: OnnxGraph, signal: Signal, stride: number): Signal {
  if (stride === 1) return signal;
  const column = graph.node("Unsqueeze", [signal.value, graph.integers([3])]);
  const copies = graph.node("Tile", [column, graph.integers([1, 1, 1, stride])]);
  const value = graph.node("Reshape", [copies, graph.integers([0, signal.channels, -1])]);
  return { ...signal, value, hop: signal.hop / stride };
}

/**
 * z + (c − z): the entry c as training's straight-through estimator passes it on, which
 * references keep in inference. It differs from c by rounding, and with it a later code may.
 */
function passedOn(graph: OnnxGraph, projected: Signal, entry: Signal): Signal {
  const change = graph.node("Sub", [entry.value, projected.value]);
  return sameSteps(projected, graph.node("Add", [projected.value, change]));
}
