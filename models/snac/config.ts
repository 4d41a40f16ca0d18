/**
 * `config.json` of SNAC: the arguments of its constructor. A field that is absent has the default
 * of that constructor; `null` is a value of its own.
 *
 * @module
 */
import { z } from "../../lib/npm/zod.ts";
import type { OpenedModel } from "../checkpoint_family.ts";
import { HEAD_CHANNELS } from "../graph/local_attention.ts";
import { only, readModelConfig, TRANSFORMERS_FIELDS, unfitConfig } from "../model_config.ts";
import { product } from "../product.ts";

const count = z.int().positive();
/** A layer of stride 1 would give one step too many. */
const rates = z.array(count.min(2)).min(1);

const CONFIG = z.strictObject({
  ...TRANSFORMERS_FIELDS,
  model_type: only("snac").optional(),
  sampling_rate: count.default(44_100),
  encoder_dim: count.default(64),
  encoder_rates: rates.default([3, 3, 7, 7]),
  latent_dim: count.nullable().default(null),
  decoder_dim: count.default(1536),
  decoder_rates: rates.default([7, 7, 3, 3]),
  attn_window_size: count.nullable().default(32),
  codebook_size: count.default(4096),
  codebook_dim: count.default(8),
  vq_strides: z.array(count).min(1).default([8, 4, 2, 1]),
  noise: z.boolean().default(true),
  depthwise: z.boolean().default(true),
});

/** What a SNAC model is built of. */
export interface SnacConfig {
  readonly sampleRate: number;
  /** Channels of the encoder's first layer; each stage doubles them. */
  readonly encoderChannels: number;
  readonly encoderRates: readonly number[];
  readonly latentChannels: number;
  /** Channels before the decoder's first stage; each stage halves them. */
  readonly decoderChannels: number;
  readonly decoderRates: readonly number[];
  /** Frames that attend to each other; null where there is no attention. */
  readonly attentionWindow: number | null;
  readonly codebookSize: number;
  readonly codebookChannels: number;
  /** Frames that one code of each codebook stands for. */
  readonly strides: readonly number[];
  /** Whether the decoder has noise blocks. */
  readonly noise: boolean;
  readonly depthwise: boolean;
  /** Samples a frame. */
  readonly hop: number;
  /** Samples that the reference pads to a multiple of. */
  readonly paddingUnit: number;
}

/**
 * Reads the config of a model.
 *
 * @throws {UsageError} If a field is unknown, does not fit, or contradicts another.
 */
export function snacConfig(model: OpenedModel): SnacConfig {
  const fields = readModelConfig(model, CONFIG);
  const latentChannels = fields.encoder_dim * 2 ** fields.encoder_rates.length;
  const hop = product(fields.encoder_rates);
  const [longest = 1] = fields.vq_strides;
  const config: SnacConfig = {
    sampleRate: fields.sampling_rate,
    encoderChannels: fields.encoder_dim,
    encoderRates: fields.encoder_rates,
    latentChannels,
    decoderChannels: fields.decoder_dim,
    decoderRates: fields.decoder_rates,
    attentionWindow: fields.attn_window_size,
    codebookSize: fields.codebook_size,
    codebookChannels: fields.codebook_dim,
    strides: fields.vq_strides,
    noise: fields.noise,
    depthwise: fields.depthwise,
    hop,
    paddingUnit: hop * leastCommonMultiple(longest, fields.attn_window_size ?? 1),
  };
  const [problem] = contradictions(config, fields.latent_dim);
  if (problem !== undefined) throw unfitConfig(model, problem);
  return config;
}

function* contradictions(config: SnacConfig, latentDim: number | null): Generator<string> {
  const { latentChannels, decoderChannels, decoderRates, hop, strides } = config;
  if (latentDim !== null && latentDim !== latentChannels) {
    yield `latent_dim: ${latentDim}, but encoder_dim and encoder_rates give ${latentChannels}`;
  }
  if (product(decoderRates) !== hop) {
    yield `decoder_rates: their product is ${product(decoderRates)}, that of encoder_rates ${hop}`;
  }
  if (decoderChannels % 2 ** decoderRates.length !== 0) {
    yield `decoder_dim: ${decoderChannels} cannot be halved ${decoderRates.length} times`;
  }
  const [longest = 1] = strides;
  const unfit = strides.findIndex((stride, i) =>
    longest % stride !== 0 || stride > (strides[i - 1] ?? stride)
  );
  if (unfit !== -1) {
    yield `vq_strides.${unfit}: ${strides[unfit]} where the strides fall and divide the ` +
      `first, ${longest}`;
  }
  if (config.attentionWindow === null) return;
  for (
    const [name, channels] of Object.entries({
      encoder_dim: latentChannels,
      decoder_dim: decoderChannels,
    })
  ) {
    if (channels % HEAD_CHANNELS !== 0) {
      yield `${name}: ${channels} channels attend, which are no whole heads of ${HEAD_CHANNELS}`;
    }
  }
}

function leastCommonMultiple(one: number, other: number): number {
  let [a, b] = [one, other];
  while (b !== 0) [a, b] = [b, a % b];
  return one / a * other;
}
