/**
 * The four graphs of EnCodec: its recurrent layers look back without end, so that they run over
 * whole clips, and the convolutions around them, which cost the most memory, in windows.
 *
 * @module
 */
import { channelsFirst, stepsFirst } from "../graph/codebooks.ts";
import { residualCodes, stackedCodes, summedEntries } from "../graph/euclidean_quantizer.ts";
import { OnnxGraph, type Precision } from "../graph/graph.ts";
import { contextOf, inputSignal, type Signal } from "../graph/signal.ts";
import type { Weight } from "../graph/weight.ts";
import type { WindowedGraph } from "../layout.ts";
import { codebooksOf, hopOf } from "./config.ts";
import { featureChannels, featuresOf, synthesise } from "./decoder.ts";
import { analyse, latentsOf } from "./encoder.ts";
import { EncodecLayers, type EncodecSource } from "./layers.ts";

/** A graph that runs in windows. */
export interface WindowedHalf {
  readonly graph: OnnxGraph;
  readonly windows: WindowedGraph;
}

const AUDIO = { name: "audio", type: "float32", shape: ["batch", 1, "samples"] } as const;
const FEATURES = {
  name: "features",
  type: "float32",
  shape: ["batch", "channels", "frames"],
} as const;

/** All codebooks of a checkpoint, of which the first are used. */
export function codebooksIn({ config, weights, names }: EncodecSource): Weight[] {
  const shape = [config.codebookSize, config.latents];
  return Array.from(
    { length: codebooksOf(config) },
    (_, index) => weights.tensor(names.codebook(index), shape),
  );
}

/** Audio to features. */
export function analysisGraph(source: EncodecSource, precision: Precision): WindowedHalf {
  const graph = new OnnxGraph(precision);
  const layers = new EncodecLayers(graph, source, "encoder");
  const features = analyse(layers, inputSignal(graph.input(AUDIO), 1, 1));
  graph.output(FEATURES, features.value);
  return { graph, windows: windowsOf(source, features) };
}

/** Features to codes, int64 [batch, layers, frames]; in float32 always. */
export function encoderGraph(source: EncodecSource, codebooks: readonly Weight[]): OnnxGraph {
  const graph = new OnnxGraph();
  const layers = new EncodecLayers(graph, source, "encoder");
  const channels = featureChannels(source.config);
  const features = inputSignal(graph.input(FEATURES), channels, hopOf(source.config));
  const latents = latentsOf(layers, features);
  const codes = residualCodes(graph, stepsFirst(graph, latents), codebooks);
  graph.output(codesOf(codebooks), stackedCodes(graph, codes));
  return graph;
}

/** Codes to features; in float32 always. */
export function decoderGraph(source: EncodecSource, codebooks: readonly Weight[]): OnnxGraph {
  const graph = new OnnxGraph();
  const layers = new EncodecLayers(graph, source, "decoder");
  const { latents } = source.config;
  const sum = summedEntries(graph, graph.input(codesOf(codebooks)), codebooks);
  const frames = inputSignal(sum, latents, hopOf(source.config));
  const features = featuresOf(layers, channelsFirst(graph, sum, frames, latents));
  graph.output(FEATURES, features.value);
  return graph;
}

/** Features to audio. */
export function synthesisGraph(source: EncodecSource, precision: Precision): WindowedHalf {
  const graph = new OnnxGraph(precision);
  const layers = new EncodecLayers(graph, source, "decoder");
  const channels = featureChannels(source.config);
  const audio = synthesise(
    layers,
    inputSignal(graph.input(FEATURES), channels, hopOf(source.config)),
  );
  graph.output(AUDIO, audio.value);
  return { graph, windows: windowsOf(source, audio) };
}

function codesOf(codebooks: readonly Weight[]) {
  return { name: "codes", type: "int64", shape: ["batch", codebooks.length, "frames"] } as const;
}

function windowsOf({ config }: EncodecSource, signal: Signal): WindowedGraph {
  const hop = hopOf(config);
  const context = contextOf(signal, hop);
  if (context === null) throw new TypeError("Cannot cut windows: a convolution has no end");
  return { hop, context };
}
