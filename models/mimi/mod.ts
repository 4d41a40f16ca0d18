/**
 * Mimi, Kyutai's codec (Défossez et al., arXiv:2410.00037): 24 kHz, 12.5 frames a second, one
 * semantic codebook and up to 31 acoustic ones.
 *
 * | graph | what it holds |
 * | --- | --- |
 * | analysis | convolutions: audio to 25 features a second, a finite reach |
 * | encoder | transformer, every second feature, quantiser |
 * | decoder | codebooks, twice as many steps, transformer |
 * | synthesis | convolutions: features to audio, a finite reach |
 *
 * The reference is Kyutai's own code, whole clips at a time: attention sees 250 features, which
 * some releases of transformers do not heed.
 *
 * @module
 */
import { UsageError } from "../../lib/errors.ts";
import type {
  CheckpointFamily,
  CodecSettings,
  ConvertedCodec,
  OpenedModel,
} from "../checkpoint_family.ts";
import { CheckpointWeights } from "../checkpoint_weights.ts";
import { causalConvolution, causalTransposedConvolution } from "../graph/causal_convolution.ts";
import { channelsFirst, stepsFirst } from "../graph/codebooks.ts";
import { OnnxGraph } from "../graph/graph.ts";
import { contextOf, inputSignal, type Signal } from "../graph/signal.ts";
import { PLAIN_LAYOUT } from "../layout.ts";
import { checkCodebooks, otherSettings } from "../settings.ts";
import { DOWNSAMPLING, featureHop, type MimiConfig, PUBLISHED } from "./config.ts";
import { kyutaiConfig } from "./kyutai_config.ts";
import { dequantize, quantize } from "./quantizer.ts";
import { seanetDecoder, seanetEncoder } from "./seanet.ts";
import { transformer } from "./transformer.ts";
import { transformersConfig } from "./transformers_config.ts";
import { MimiWeights, spellingOf } from "./weights.ts";

/** As many as Kyutai's loader takes for Moshi; transformers gives all 32. */
const DEFAULT_CODEBOOKS = 8;

/** The family. */
export const MIMI: CheckpointFamily = {
  name: "Mimi",
  recognises: ({ config, checkpoint }) =>
    config?.["model_type"] === "mimi" || spellingOf(checkpoint.tensors) !== null,
  convert: (model, settings) => Promise.resolve().then(() => convertMimi(model, settings)),
};

interface Parts {
  readonly config: MimiConfig;
  readonly codebooks: number;
  readonly weights: MimiWeights;
  readonly precision: NonNullable<CodecSettings["precision"]>;
}

function convertMimi(model: OpenedModel, settings: CodecSettings): ConvertedCodec {
  const config = configOf(model);
  const codebooks = codebooksOf(model, config, settings);
  const checkpoint = new CheckpointWeights(model.checkpoint);
  const weights = new MimiWeights(checkpoint);
  const parts = { config, codebooks, weights, precision: settings.precision ?? "float32" };
  const analysis = analysisGraph(parts);
  const synthesis = synthesisGraph(parts);
  const graphs = {
    analysis: analysis.graph,
    encoder: encoderGraph(parts),
    decoder: decoderGraph(parts),
    synthesis: synthesis.graph,
  };
  checkpoint.assertAllUsed();
  const hop = featureHop(config);
  const frame = DOWNSAMPLING * hop;
  return {
    spec: {
      id: model.id,
      name: "mimi",
      sampleRate: config.sampleRate,
      paddingUnit: frame,
      minimumSamples: frame,
      hopLengths: new Array<number>(codebooks).fill(frame),
      codebookSize: config.codebookSize,
      context: null,
      licence: "CC-BY-4.0",
      notice: null,
    },
    layout: {
      ...PLAIN_LAYOUT,
      analysis: { hop, context: contextOf(analysis.reach, hop) ?? 0 },
      synthesis: { hop, context: contextOf(synthesis.reach, hop) ?? 0 },
    },
    graphs,
  };
}

/** What stands beside a checkpoint and is no config of Mimi, such as a language model's, is not read. */
function configOf(model: OpenedModel): MimiConfig {
  if (model.config?.["model_type"] === "mimi") return transformersConfig(model);
  return model.config !== null && "seanet" in model.config ? kyutaiConfig(model) : PUBLISHED;
}

function codebooksOf(model: OpenedModel, config: MimiConfig, settings: CodecSettings): number {
  const others = otherSettings(settings, ["codebooks"]);
  if (others.length > 0) {
    throw new UsageError(
      `Cannot convert '${model.id}' with ${others.join(" and ")}: ` +
        `Mimi has the settings codebooks and precision`,
    );
  }
  const codebooks = settings.codebooks ?? Math.min(DEFAULT_CODEBOOKS, config.codebooks);
  checkCodebooks(model.id, codebooks, config.codebooks);
  return codebooks;
}

/** A graph, and what its output sees of its input. */
interface ReachingGraph {
  readonly graph: OnnxGraph;
  readonly reach: Signal;
}

function analysisGraph({ config, weights, precision }: Parts): ReachingGraph {
  const graph = new OnnxGraph(precision);
  const audio = graph.input({ name: "audio", type: "float32", shape: ["batch", 1, "samples"] });
  const features = seanetEncoder(graph, inputSignal(audio, 1, 1), weights, config);
  graph.output(
    { name: "features", type: "float32", shape: ["batch", config.channels, "steps"] },
    features.value,
  );
  return { graph, reach: features };
}

function encoderGraph({ config, codebooks, weights, precision }: Parts): OnnxGraph {
  const graph = new OnnxGraph(precision);
  const features = featuresOf(graph, config);
  const attended = transformer(graph, features, weights, { config, half: "encoder" });
  const kernel = [config.channels, config.channels, 2 * DOWNSAMPLING];
  const latents = causalConvolution(
    graph,
    attended,
    weights.convolution("downsample.conv.conv.conv", kernel, null),
    { mode: "edge", stride: DOWNSAMPLING },
  );
  const exact = graph.to("float32", stepsFirst(graph, latents));
  const codes = quantize(graph, exact, weights, { config, codebooks });
  graph.output({ name: "codes", type: "int64", shape: ["batch", codebooks, "frames"] }, codes);
  return graph;
}

function decoderGraph({ config, codebooks, weights, precision }: Parts): OnnxGraph {
  const graph = new OnnxGraph(precision);
  const codes = graph.input({
    name: "codes",
    type: "int64",
    shape: ["batch", codebooks, "frames"],
  });
  const { channels } = config;
  const hop = featureHop(config);
  const sum = dequantize(graph, codes, weights, { config, codebooks });
  const latents = channelsFirst(
    graph,
    sum,
    inputSignal(codes, channels, DOWNSAMPLING * hop),
    channels,
  );
  const upsampled = causalTransposedConvolution(
    graph,
    latents,
    weights.convolution("upsample.convtr.convtr.convtr", [channels, 1, 2 * DOWNSAMPLING], null),
    { stride: DOWNSAMPLING, groups: channels },
  );
  const features = transformer(graph, upsampled, weights, { config, half: "decoder" });
  graph.output(
    { name: "features", type: "float32", shape: ["batch", config.channels, "steps"] },
    features.value,
  );
  return graph;
}

function synthesisGraph({ config, weights, precision }: Parts): ReachingGraph {
  const graph = new OnnxGraph(precision);
  const audio = seanetDecoder(graph, featuresOf(graph, config), weights, config);
  graph.output({ name: "audio", type: "float32", shape: ["batch", 1, "samples"] }, audio.value);
  return { graph, reach: audio };
}

function featuresOf(graph: OnnxGraph, config: MimiConfig): Signal {
  const value = graph.input({
    name: "features",
    type: "float32",
    shape: ["batch", config.channels, "steps"],
  });
  return inputSignal(value, config.channels, featureHop(config));
}
