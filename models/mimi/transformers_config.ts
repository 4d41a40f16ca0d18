/**
 * `config.json` of `kyutai/mimi`, as transformers writes it. A field that is absent has the
 * default of its `MimiConfig`: the published file has no `num_quantizers`.
 *
 * @module
 */
import { z } from "../../lib/npm/zod.ts";
import type { OpenedModel } from "../checkpoint_family.ts";
import { only, readModelConfig, TRANSFORMERS_FIELDS } from "../model_config.ts";
import {
  checkConfig,
  type Dependent,
  DOWNSAMPLING,
  featureHop,
  type MimiConfig,
  PUBLISHED,
} from "./config.ts";

const count = z.int().positive();
const rate = z.number().positive();
/** What the codes do not depend on. */
const inert = z.unknown().optional();

const CONFIG = z.strictObject({
  ...TRANSFORMERS_FIELDS,
  model_type: only("mimi"),
  sampling_rate: count.default(PUBLISHED.sampleRate),
  frame_rate: rate.nullable().default(null),
  _frame_rate: rate.nullable().default(null),
  audio_channels: only(1).default(1),
  hidden_size: count.default(PUBLISHED.channels),
  num_filters: count.default(PUBLISHED.filters),
  num_residual_layers: only(1).default(1),
  upsampling_ratios: z.array(count.min(2)).min(1).default([...PUBLISHED.ratios]),
  kernel_size: count.default(PUBLISHED.kernel),
  last_kernel_size: count.default(PUBLISHED.lastKernel),
  residual_kernel_size: count.default(PUBLISHED.residualKernel),
  use_causal_conv: only(true).default(true),
  pad_mode: only("constant").default("constant"),
  trim_right_ratio: only(1).default(1),
  use_conv_shortcut: only(false).default(false),
  compress: count.default(PUBLISHED.compress),
  codebook_size: count.default(PUBLISHED.codebookSize),
  codebook_dim: count.default(PUBLISHED.codebookChannels),
  vector_quantization_hidden_dimension: count.default(PUBLISHED.codebookChannels),
  num_quantizers: count.min(2).default(PUBLISHED.codebooks),
  num_semantic_quantizers: only(1).default(1),
  upsample_groups: count.default(PUBLISHED.channels),
  num_hidden_layers: count.default(PUBLISHED.layers),
  intermediate_size: count.default(PUBLISHED.feedForward),
  num_attention_heads: count.default(PUBLISHED.heads),
  num_key_value_heads: count.default(PUBLISHED.heads),
  head_dim: count.nullable().default(null),
  hidden_act: only("gelu").default("gelu"),
  norm_eps: rate.default(PUBLISHED.normEpsilon),
  rope_theta: rate.optional(),
  rope_parameters: z.strictObject({
    rope_theta: rate,
    rope_type: only("default").default("default"),
  }).optional(),
  sliding_window: count.default(PUBLISHED.window),
  attention_bias: only(false).default(false),
  normalize: only(false).default(false),
  attention_dropout: inert,
  // One residual layer a stride has the first power of it, which is 1.
  dilation_growth_rate: inert,
  initializer_range: inert,
  layer_scale_initial_scale: inert,
  max_position_embeddings: inert,
  target_bandwidths: inert,
  use_cache: inert,
  use_streaming: inert,
});

/**
 * Reads it.
 *
 * @throws {UsageError} If a field is unknown, has a value that no Mimi has, or contradicts another.
 */
export function transformersConfig(model: OpenedModel): MimiConfig {
  const fields = readModelConfig(model, CONFIG);
  const { hidden_size: channels, num_attention_heads: heads, codebook_dim: codebook } = fields;
  const config = {
    sampleRate: fields.sampling_rate,
    channels,
    filters: fields.num_filters,
    ratios: fields.upsampling_ratios,
    kernel: fields.kernel_size,
    lastKernel: fields.last_kernel_size,
    residualKernel: fields.residual_kernel_size,
    compress: fields.compress,
    layers: fields.num_hidden_layers,
    heads,
    feedForward: fields.intermediate_size,
    window: fields.sliding_window,
    ropeBase: fields.rope_parameters?.rope_theta ?? fields.rope_theta ?? PUBLISHED.ropeBase,
    normEpsilon: fields.norm_eps,
    codebooks: fields.num_quantizers,
    codebookSize: fields.codebook_size,
    codebookChannels: codebook,
  };
  const frameRate = fields.sampling_rate / featureHop(config) / DOWNSAMPLING;
  const [size, groups] = [fields.vector_quantization_hidden_dimension, fields.upsample_groups];
  return checkConfig(
    model,
    config,
    [
      ["frame_rate", fields.frame_rate ?? frameRate, frameRate, "that of the strides"],
      ["_frame_rate", fields._frame_rate ?? frameRate, frameRate, "that of the strides"],
      ["num_key_value_heads", fields.num_key_value_heads, heads, "num_attention_heads"],
      ["head_dim", fields.head_dim ?? channels / heads, channels / heads, "hidden_size per head"],
      ["upsample_groups", groups, channels, "hidden_size"],
      ["vector_quantization_hidden_dimension", size, codebook, "codebook_dim"],
      ["rope_theta", fields.rope_theta ?? config.ropeBase, config.ropeBase, "rope_parameters"],
    ] satisfies Dependent[],
  );
}
