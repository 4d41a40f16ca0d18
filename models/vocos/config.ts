/**
 * The `config.yaml` of a Vocos model over EnCodec's codes.
 *
 * @module
 */
import { z } from "../../lib/npm/zod.ts";
import type { OpenedModel } from "../checkpoint_family.ts";
import { only, readModelConfig, unfitConfig } from "../model_config.ts";

/** The architecture of one Vocos model. */
export interface VocosConfig {
  /** Kilobits a second of the codes that it decodes; the index is its `bandwidth_id`. */
  readonly bandwidths: readonly number[];
  /** Channels of EnCodec's entries. */
  readonly inputs: number;
  readonly channels: number;
  /** Channels inside a block. */
  readonly inner: number;
  readonly blocks: number;
  /** Samples of one frame of the inverse transform. */
  readonly size: number;
  /** Samples from one frame to the next. */
  readonly hop: number;
}

const count = z.int().positive();

const CONFIG = z.strictObject({
  "feature_extractor": z.strictObject({
    "class_path": only("vocos.feature_extractors.EncodecFeatures"),
    "init_args": z.strictObject({
      "encodec_model": only("encodec_24khz"),
      "bandwidths": z.array(z.number().positive()).min(1),
      "train_codebooks": z.boolean().optional(),
    }),
  }),
  "backbone": z.strictObject({
    "class_path": only("vocos.models.VocosBackbone"),
    "init_args": z.strictObject({
      "input_channels": count,
      "dim": count,
      "intermediate_dim": count,
      "num_layers": count,
      // What the scales of its blocks were before training.
      "layer_scale_init_value": z.number().positive().optional(),
      "adanorm_num_embeddings": count,
    }),
  }),
  "head": z.strictObject({
    "class_path": only("vocos.heads.ISTFTHead"),
    "init_args": z.strictObject({
      "dim": count,
      "n_fft": count.multipleOf(2),
      "hop_length": count,
      "padding": only("same").default("same"),
    }),
  }),
});

/**
 * The config of a model.
 *
 * @throws {UsageError} If there is none, or a field is missing, unknown, does not fit or
 * contradicts another.
 */
export function readVocosConfig(model: OpenedModel): VocosConfig {
  const read = readModelConfig(model, CONFIG);
  const { bandwidths } = read.feature_extractor.init_args;
  const backbone = read.backbone.init_args;
  const head = read.head.init_args;
  const complain = (problem: string) => {
    throw unfitConfig(model, problem);
  };
  if (backbone.adanorm_num_embeddings !== bandwidths.length) {
    complain(
      `backbone.init_args.adanorm_num_embeddings is ${backbone.adanorm_num_embeddings} and ` +
        `feature_extractor.init_args.bandwidths has ${bandwidths.length}`,
    );
  }
  if (head.dim !== backbone.dim) {
    complain(`head.init_args.dim is ${head.dim} and backbone.init_args.dim ${backbone.dim}`);
  }
  if (head.n_fft % head.hop_length !== 0 || (head.n_fft - head.hop_length) % 2 !== 0) {
    complain(
      `head.init_args.n_fft, ${head.n_fft}, is not a multiple of hop_length, ${head.hop_length}, ` +
        `that leaves an even number`,
    );
  }
  return {
    bandwidths,
    inputs: backbone.input_channels,
    channels: backbone.dim,
    inner: backbone.intermediate_dim,
    blocks: backbone.num_layers,
    size: head.n_fft,
    hop: head.hop_length,
  };
}
