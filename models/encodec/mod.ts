/**
 * EnCodec, the causal model of 24 kHz (Défossez et al., arXiv:2210.13438).
 *
 * @module
 */
import type {
  CheckpointFamily,
  CodecSettings,
  ConvertedCodec,
  OpenedModel,
} from "../checkpoint_family.ts";
import { CheckpointWeights } from "../checkpoint_weights.ts";
import type { CodecSpec } from "../codec.ts";
import { PLAIN_LAYOUT } from "../layout.ts";
import { type EncodecConfig, hopOf, readEncodecConfig } from "./config.ts";
import {
  analysisGraph,
  codebooksIn,
  decoderGraph,
  encoderGraph,
  synthesisGraph,
} from "./graphs.ts";
import type { EncodecSource } from "./layers.ts";
import { isOriginal, namesIn } from "./names.ts";
import { chosenCodebooks } from "./settings.ts";

/** EnCodec 24 kHz, as transformers and as its authors publish it. */
export const ENCODEC: CheckpointFamily = {
  name: "EnCodec",
  recognises({ config, checkpoint }) {
    return config === null ? isOriginal(checkpoint.tensors) : config["model_type"] === "encodec";
  },
  convert(model, settings) {
    return Promise.resolve().then(() => convertEncodec(model, settings));
  },
};

function convertEncodec(model: OpenedModel, settings: CodecSettings): ConvertedCodec {
  const source = openEncodec(model);
  const { precision = "float32" } = settings;
  const used = codebooksIn(source).slice(0, chosenCodebooks(model.id, source.config, settings));
  const analysis = analysisGraph(source, precision);
  const synthesis = synthesisGraph(source, precision);
  const encoder = encoderGraph(source, used);
  const decoder = decoderGraph(source, used);
  source.weights.assertAllUsed();
  return {
    spec: encodecSpec(model.id, source.config, used.length),
    layout: { ...PLAIN_LAYOUT, analysis: analysis.windows, synthesis: synthesis.windows },
    graphs: { analysis: analysis.graph, encoder, decoder, synthesis: synthesis.graph },
  };
}

/**
 * The config and the tensors of a checkpoint. What training left behind counts as used.
 *
 * @throws {UsageError} If the config does not fit.
 */
export function openEncodec(model: OpenedModel): EncodecSource {
  const config = readEncodecConfig(model);
  const weights = new CheckpointWeights(model.checkpoint);
  const names = namesIn(weights);
  weights.ignore(names.unneeded);
  return { config, weights, names };
}

/**
 * The facts of a codec whose codes are EnCodec's.
 *
 * Audio is not padded: each convolution reflects what its last move lacks, as the reference does.
 */
export function encodecSpec(id: string, config: EncodecConfig, codebooks: number): CodecSpec {
  return {
    id,
    name: "encodec",
    sampleRate: config.sampleRate,
    paddingUnit: 1,
    minimumSamples: 1,
    hopLengths: new Array<number>(codebooks).fill(hopOf(config)),
    codebookSize: config.codebookSize,
    context: null,
    licence: "MIT",
    notice: "MIT is the licence of EnCodec's code; its authors name none for the weights alone",
  };
}
