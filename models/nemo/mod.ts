/**
 * NVIDIA's NeMo codecs: NanoCodec of 22.05 kHz (Casanova et al., arXiv:2508.05835) and the audio
 * codec of 44.1 kHz.
 *
 * @module
 */
import { SpeechmillError, UsageError } from "../../lib/errors.ts";
import type {
  CheckpointFamily,
  CodecSettings,
  ConvertedCodec,
  OpenedModel,
} from "../checkpoint_family.ts";
import { CheckpointWeights } from "../checkpoint_weights.ts";
import {
  finiteScalarCodes,
  finiteScalarLatents,
  placesOf,
} from "../graph/finite_scalar_quantizer.ts";
import { OnnxGraph, type Precision } from "../graph/graph.ts";
import { contextOf, inputSignal, type Signal } from "../graph/signal.ts";
import { PLAIN_LAYOUT } from "../layout.ts";
import { otherSettings } from "../settings.ts";
import { codebookSizeOf, type NemoConfig, readNemoConfig } from "./config.ts";
import { audioOf } from "./decoder.ts";
import { latentsOf } from "./encoder.ts";
import { NemoLayers } from "./layers.ts";
import { leastFrames } from "./lengths.ts";
import { termsOf } from "./terms.ts";

/** What else an archive holds: discriminators, the networks of losses, and their windows. */
const TRAINING_TENSORS =
  /^(discriminator|speaker_encoder|phoneme_asr_model|(mel|stft|time_domain|si_sdr|gen|disc|feature|acl)_loss(_fn)?)\./;

/** NanoCodec and the audio codecs that are built like it, from their `.nemo` archives. */
export const NEMO: CheckpointFamily = {
  name: "NeMo audio codec",
  recognises({ config }) {
    const encoder = config?.["audio_encoder"];
    return encoder !== null && typeof encoder === "object" && "_target_" in encoder;
  },
  async convert(model, settings) {
    refuseSettings(model.id, settings);
    const config = readNemoConfig(model);
    const weights = new CheckpointWeights(model.checkpoint);
    weights.ignore(TRAINING_TENSORS);
    await checkLevels(weights, config);
    const codec = build(model, config, weights, settings.precision ?? "float32");
    weights.assertAllUsed();
    return codec;
  },
};

function build(
  { id }: OpenedModel,
  config: NemoConfig,
  weights: CheckpointWeights,
  precision: Precision,
): ConvertedCodec {
  const encoder = encoderGraph(config, weights, precision);
  const decoder = decoderGraph(config, weights, precision);
  const { sampleRate, samplesPerFrame: hop, quantizer } = config;
  return {
    spec: {
      id,
      sampleRate,
      paddingUnit: hop,
      minimumSamples: leastFrames(config) * hop,
      hopLengths: new Array<number>(quantizer.groups).fill(hop),
      codebookSize: codebookSizeOf(quantizer),
      context: contextOf(encoder.reach, hop),
      ...termsOf(config),
    },
    layout: { ...PLAIN_LAYOUT, decoderContext: contextOf(decoder.reach, hop) },
    graphs: { encoder: encoder.graph, decoder: decoder.graph },
  };
}

interface ReachingGraph {
  readonly graph: OnnxGraph;
  readonly reach: Signal;
}

function encoderGraph(
  { encoder, quantizer }: NemoConfig,
  weights: CheckpointWeights,
  precision: Precision,
): ReachingGraph {
  const graph = new OnnxGraph(precision);
  const audio = graph.input({ name: "audio", type: "float32", shape: ["batch", 1, "samples"] });
  const layers = new NemoLayers(graph, encoder, weights, "audio_encoder");
  const reach = latentsOf(layers, inputSignal(audio, 1, 1));
  const latents = { ...reach, value: graph.to("float32", reach.value) };
  graph.output(codesOf(quantizer.groups), finiteScalarCodes(graph, latents, quantizer));
  return { graph, reach };
}

function decoderGraph(
  { decoder, quantizer, samplesPerFrame }: NemoConfig,
  weights: CheckpointWeights,
  precision: Precision,
): ReachingGraph {
  const graph = new OnnxGraph(precision);
  const codes = graph.input(codesOf(quantizer.groups));
  const layers = new NemoLayers(graph, decoder, weights, "audio_decoder");
  const latents = finiteScalarLatents(graph, codes, quantizer, samplesPerFrame);
  const reach = audioOf(layers, decoder, latents);
  graph.output({ name: "audio", type: "float32", shape: ["batch", 1, "samples"] }, reach.value);
  return { graph, reach };
}

function codesOf(groups: number) {
  return { name: "codes", type: "int64", shape: ["batch", groups, "frames"] } as const;
}

/** The quantiser's buffers say again what the config does. */
async function checkLevels(weights: CheckpointWeights, { quantizer }: NemoConfig): Promise<void> {
  const { groups, levels } = quantizer;
  const due = { "num_levels": levels, "dim_base_index": placesOf(levels) };
  for (let group = 0; group < groups; group++) {
    for (const [buffer, values] of Object.entries(due)) {
      const name = `vector_quantizer.fsqs.${group}.${buffer}`;
      const found = await weights.integers(name, [1, levels.length, 1]);
      if (found.join() === values.join()) continue;
      throw new SpeechmillError(
        `Cannot convert '${weights.path}': tensor '${name}' holds ${found.join(", ")} where the ` +
          `config says ${values.join(", ")}`,
      );
    }
  }
}

function refuseSettings(id: string, settings: CodecSettings): void {
  const [given] = otherSettings(settings, []);
  if (given === undefined) return;
  throw new UsageError(
    `Cannot convert '${id}' with ${given}: NeMo codecs have no setting but precision`,
  );
}
