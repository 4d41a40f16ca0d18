/**
 * Vocos over EnCodec's codes: another decoder for what EnCodec encodes.
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
import { codebooksFor, type EncodecConfig, hopOf } from "../encodec/config.ts";
import { analysisGraph, codebooksIn, encoderGraph } from "../encodec/graphs.ts";
import { encodecSpec, openEncodec } from "../encodec/mod.ts";
import { chosenCodebooks } from "../encodec/settings.ts";
import { channelsFirst } from "../graph/codebooks.ts";
import { summedEntries } from "../graph/euclidean_quantizer.ts";
import { OnnxGraph, type Precision } from "../graph/graph.ts";
import { contextOf, inputSignal } from "../graph/signal.ts";
import { derivedWeight, type Weight } from "../graph/weight.ts";
import { PLAIN_LAYOUT } from "../layout.ts";
import { unfitConfig } from "../model_config.ts";
import { readVocosConfig, type VocosConfig } from "./config.ts";
import { VocosDecoder } from "./decoder.ts";

/** Vocos, as published over EnCodec 24 kHz. */
export const VOCOS: CheckpointFamily = {
  name: "Vocos",
  companions: { encodec: "facebook/encodec_24khz" },
  recognises: ({ config, checkpoint }) =>
    config?.["backbone"] !== undefined &&
    checkpoint.tensors.has("feature_extractor.codebook_weights"),
  convert(model, settings) {
    return Promise.resolve().then(() => convertVocos(model, settings));
  },
};

function convertVocos(model: OpenedModel, settings: CodecSettings): ConvertedCodec {
  const config = readVocosConfig(model);
  const source = openEncodec(companionOf(model));
  checkFit(model, config, source.config);
  const choice = chosenBandwidth(model.id, config, source.config, settings);
  const { precision = "float32" } = settings;
  const used = codebooksIn(source).slice(0, choice.codebooks);
  const analysis = analysisGraph(source, precision);
  const encoder = encoderGraph(source, used);
  source.weights.ignore(/^decoder\./);
  source.weights.assertAllUsed();
  const weights = new CheckpointWeights(model.checkpoint);
  const decoder = decoderGraph(weights, { config, encodec: source.config, ...choice, precision });
  weights.assertAllUsed();
  return {
    spec: encodecSpec(model.id, source.config, choice.codebooks),
    layout: { ...PLAIN_LAYOUT, analysis: analysis.windows, decoderContext: decoder.context },
    graphs: { analysis: analysis.graph, encoder, decoder: decoder.graph },
  };
}

function companionOf(model: OpenedModel): OpenedModel {
  const encodec = model.companions?.["encodec"];
  if (encodec !== undefined) return encodec;
  throw new UsageError(
    `Cannot convert '${model.id}': Vocos decodes what EnCodec encodes, and no EnCodec lies beside ` +
      `it; put a copy of 'facebook/encodec_24khz' into its folder 'encodec'`,
  );
}

function checkFit(model: OpenedModel, vocos: VocosConfig, encodec: EncodecConfig): void {
  const differ = (field: string, here: number, there: number) => {
    if (here !== there) {
      throw unfitConfig(model, `${field} is ${here} where its EnCodec has ${there}`);
    }
  };
  differ("backbone.init_args.input_channels", vocos.inputs, encodec.latents);
  differ("head.init_args.hop_length", vocos.hop, hopOf(encodec));
}

/** Which of the bandwidths that Vocos was trained on. */
interface Choice {
  /** Index in `VocosConfig.bandwidths`. */
  readonly bandwidth: number;
  readonly codebooks: number;
}

function chosenBandwidth(
  id: string,
  { bandwidths }: VocosConfig,
  encodec: EncodecConfig,
  settings: CodecSettings,
): Choice {
  const choices = bandwidths.map((kilobits) => codebooksFor(encodec, kilobits));
  const asked = settings.codebooks;
  if (asked !== undefined && !choices.includes(asked)) {
    throw new UsageError(
      `Cannot convert '${id}' with ${asked} codebooks: it decodes ${choices.join(", ")}`,
    );
  }
  // EnCodec has more bandwidths than Vocos decodes: those to choose from are its own.
  const codebooks = chosenCodebooks(id, { ...encodec, bandwidths }, settings);
  return { bandwidth: choices.indexOf(codebooks), codebooks };
}

interface DecoderOptions extends Choice {
  readonly config: VocosConfig;
  readonly encodec: EncodecConfig;
  readonly precision: Precision;
}

function decoderGraph(
  weights: CheckpointWeights,
  { config, encodec, bandwidth, codebooks, precision }: DecoderOptions,
): { readonly graph: OnnxGraph; readonly context: number } {
  const graph = new OnnxGraph(precision);
  const codes = graph.input({
    name: "codes",
    type: "int64",
    shape: ["batch", codebooks, "frames"],
  });
  const tables = entriesOf(weights, config, encodec).slice(0, codebooks);
  const sum = summedEntries(graph, codes, tables);
  const frames = inputSignal(sum, config.inputs, config.hop);
  const features = channelsFirst(graph, sum, frames, config.inputs);
  const audio = new VocosDecoder(graph, config, weights, bandwidth).write(features);
  graph.output({ name: "audio", type: "float32", shape: ["batch", 1, "samples"] }, audio.value);
  const context = contextOf(audio, config.hop);
  if (context === null) throw new TypeError("Cannot cut windows: a convolution has no end");
  return { graph, context };
}

/** The codebooks that it was trained with: EnCodec's, as many as its largest bandwidth takes. */
function entriesOf(
  weights: CheckpointWeights,
  { bandwidths, inputs }: VocosConfig,
  encodec: EncodecConfig,
): Weight[] {
  const { codebookSize } = encodec;
  const number = codebooksFor(encodec, Math.max(...bandwidths));
  const all = weights.tensor("feature_extractor.codebook_weights", [number * codebookSize, inputs]);
  const length = codebookSize * inputs;
  return Array.from({ length: number }, (_, index) =>
    derivedWeight(
      `${all.name}:${index}`,
      [codebookSize, inputs],
      [all],
      (values) => values.slice(index * length, (index + 1) * length),
    ));
}
