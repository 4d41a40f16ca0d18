/**
 * The config that Kyutai's own code reads (`mimi_config_name` of newer repositories). The first
 * checkpoint, `tokenizer-e351c8d8-checkpoint125.safetensors`, has none.
 *
 * @module
 */
import { z } from "../../lib/npm/zod.ts";
import type { OpenedModel } from "../checkpoint_family.ts";
import { only, readModelConfig } from "../model_config.ts";
import {
  checkConfig,
  type Dependent,
  DOWNSAMPLING,
  featureHop,
  type MimiConfig,
  PUBLISHED,
} from "./config.ts";

const count = z.int().positive();
/** What the codes do not depend on. */
const inert = z.unknown().optional();

const CONFIG = z.strictObject({
  sample_rate: count,
  channels: only(1),
  frame_rate: z.number().positive(),
  seanet: z.strictObject({
    channels: only(1),
    dimension: count,
    causal: only(true),
    n_filters: count,
    n_residual_layers: only(1),
    activation: only("ELU"),
    compress: count,
    // One residual layer a stride has the first power of it, which is 1.
    dilation_base: inert,
    disable_norm_outer_blocks: inert,
    kernel_size: count,
    residual_kernel_size: count,
    last_kernel_size: count,
    norm: z.enum(["none", "weight_norm"]),
    pad_mode: only("constant"),
    ratios: z.array(count.min(2)).min(1),
    true_skip: only(true),
  }),
  quantizer: z.strictObject({
    dimension: count,
    n_q: count.min(2),
    bins: count,
    input_dimension: count,
    output_dimension: count,
  }),
  transformer: z.strictObject({
    d_model: count,
    num_heads: count,
    num_layers: count,
    causal: only(true),
    layer_scale: inert,
    context: count,
    conv_layout: only(true),
    max_period: z.number().positive(),
    gating: only("none"),
    norm: only("layer_norm"),
    positional_embedding: only("rope"),
    dim_feedforward: count,
    input_dimension: count,
    output_dimensions: z.array(count).length(1),
  }),
});

/**
 * Reads it.
 *
 * @throws {UsageError} If a field is unknown, has a value that no Mimi has, or contradicts another.
 */
export function kyutaiConfig(model: OpenedModel): MimiConfig {
  const { seanet, quantizer, transformer, ...fields } = readModelConfig(model, CONFIG);
  const { dimension: channels } = seanet;
  const config = {
    sampleRate: fields.sample_rate,
    channels,
    filters: seanet.n_filters,
    ratios: seanet.ratios,
    kernel: seanet.kernel_size,
    lastKernel: seanet.last_kernel_size,
    residualKernel: seanet.residual_kernel_size,
    compress: seanet.compress,
    layers: transformer.num_layers,
    heads: transformer.num_heads,
    feedForward: transformer.dim_feedforward,
    window: transformer.context,
    ropeBase: transformer.max_period,
    normEpsilon: PUBLISHED.normEpsilon,
    codebooks: quantizer.n_q,
    codebookSize: quantizer.bins,
    codebookChannels: quantizer.dimension,
  };
  const frameRate = fields.sample_rate / featureHop(config) / DOWNSAMPLING;
  const [output = 0] = transformer.output_dimensions;
  return checkConfig(
    model,
    config,
    [
      ["frame_rate", fields.frame_rate, frameRate, "that of the strides"],
      ["transformer.d_model", transformer.d_model, channels, "seanet.dimension"],
      ["transformer.input_dimension", transformer.input_dimension, channels, "seanet.dimension"],
      ["transformer.output_dimensions", output, channels, "seanet.dimension"],
      ["quantizer.input_dimension", quantizer.input_dimension, channels, "seanet.dimension"],
      ["quantizer.output_dimension", quantizer.output_dimension, channels, "seanet.dimension"],
    ] satisfies Dependent[],
  );
}
