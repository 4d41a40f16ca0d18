/**
 * What is known of an EnCodec model: `config.json` as transformers writes it, or the constants of
 * the authors' code, whose checkpoint has none.
 *
 * @module
 */
import { z } from "../../lib/npm/zod.ts";
import type { OpenedModel } from "../checkpoint_family.ts";
import { only, readModelConfig, TRANSFORMERS_FIELDS, unfitConfig } from "../model_config.ts";
import { product } from "../product.ts";

/** The architecture of one EnCodec model. */
export interface EncodecConfig {
  readonly sampleRate: number;
  /** Kilobits a second that the model was trained for, ascending. */
  readonly bandwidths: readonly number[];
  /** Channels of the first layer; they double with every stride. */
  readonly filters: number;
  /** Strides of the encoder, in its order. */
  readonly strides: readonly number[];
  /** Residual units at each level; the dilation of unit j is growth^j. */
  readonly residualUnits: number;
  readonly dilationGrowth: number;
  /** How many times fewer channels a residual unit has inside. */
  readonly compression: number;
  /** Whether residual units add a convolution of their input, or the input itself. */
  readonly convolvedShortcut: boolean;
  readonly kernel: number;
  readonly lastKernel: number;
  readonly residualKernel: number;
  readonly recurrentLayers: number;
  /** Channels of the latents, and of the entries of the codebooks. */
  readonly latents: number;
  readonly codebookSize: number;
}

const count = z.int().positive();

const CONFIG = z.strictObject({
  ...TRANSFORMERS_FIELDS,
  "model_type": only("encodec"),
  "sampling_rate": count.default(24000),
  "target_bandwidths": z.array(z.number().positive()).min(1).default([1.5, 3, 6, 12, 24]),
  "num_filters": count.default(32),
  "upsampling_ratios": z.array(count.min(2)).min(1).default([8, 5, 4, 2]),
  "num_residual_layers": count.default(1),
  "dilation_growth_rate": count.default(2),
  "compress": count.default(2),
  "use_conv_shortcut": z.boolean().default(true),
  "kernel_size": count.default(7),
  "last_kernel_size": count.default(7),
  "residual_kernel_size": count.default(3),
  "num_lstm_layers": count.default(2),
  "hidden_size": count.default(128),
  "codebook_size": count.max(2 ** 31).default(1024),
  "codebook_dim": count.nullable().default(null),
  "audio_channels": only(1).default(1),
  "normalize": only(false).default(false),
  "chunk_length_s": only(null).default(null),
  "overlap": only(null).default(null),
  "norm_type": only("weight_norm").default("weight_norm"),
  "use_causal_conv": only(true).default(true),
  "pad_mode": only("reflect").default("reflect"),
  "trim_right_ratio": only(1).default(1),
}).transform((config): EncodecConfig & { readonly entryChannels: number } => ({
  sampleRate: config.sampling_rate,
  bandwidths: config.target_bandwidths,
  filters: config.num_filters,
  strides: config.upsampling_ratios.toReversed(),
  residualUnits: config.num_residual_layers,
  dilationGrowth: config.dilation_growth_rate,
  compression: config.compress,
  convolvedShortcut: config.use_conv_shortcut,
  kernel: config.kernel_size,
  lastKernel: config.last_kernel_size,
  residualKernel: config.residual_kernel_size,
  recurrentLayers: config.num_lstm_layers,
  latents: config.hidden_size,
  codebookSize: config.codebook_size,
  entryChannels: config.codebook_dim ?? config.hidden_size,
}));

/**
 * The config of a model; of the authors' own checkpoint, which has none, that of `encodec_24khz`,
 * the one causal model that they published.
 *
 * @throws {UsageError} If a field is unknown, does not fit or contradicts another.
 */
export function readEncodecConfig(model: OpenedModel): EncodecConfig {
  const config = model.config === null ? { "model_type": "encodec" } : model.config;
  const { entryChannels, ...read } = readModelConfig({ ...model, config }, CONFIG);
  const complain = (problem: string) => {
    throw unfitConfig(model, problem);
  };
  if (entryChannels !== read.latents) {
    complain(`codebook_dim is ${entryChannels} and hidden_size ${read.latents}: they are the same`);
  }
  if (read.filters % read.compression !== 0) {
    complain(`compress: num_filters, ${read.filters}, is no multiple of ${read.compression}`);
  }
  const falling = read.bandwidths.find((value, i) => value <= (read.bandwidths[i - 1] ?? 0));
  if (falling !== undefined) complain(`target_bandwidths: ${falling} is out of order`);
  if (codebooksOf(read) < 1) {
    complain("target_bandwidths: the largest is not enough for a codebook");
  }
  return read;
}

/** Samples that one frame stands for. */
export function hopOf({ strides }: EncodecConfig): number {
  return product(strides);
}

/** Frames a second as the reference counts them: whole ones. */
function frameRateOf(config: EncodecConfig): number {
  return Math.ceil(config.sampleRate / hopOf(config));
}

/** How many codebooks the model has: the reference takes ten bits for each, whatever its size. */
export function codebooksOf(config: EncodecConfig): number {
  return Math.floor(1000 * (config.bandwidths.at(-1) ?? 0) / (frameRateOf(config) * 10));
}

/** How many codebooks a bandwidth takes. */
export function codebooksFor(config: EncodecConfig, bandwidth: number): number {
  const bits = Math.log2(config.codebookSize) * frameRateOf(config);
  return Math.min(codebooksOf(config), Math.max(1, Math.floor(1000 * bandwidth / bits)));
}
