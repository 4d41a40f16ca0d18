/**
 * What is known of a DAC model: the arguments of its constructor, as its checkpoint holds them, or
 * `config.json` as transformers writes it.
 *
 * @module
 */
import { z } from "../../lib/npm/zod.ts";
import type { OpenedModel } from "../checkpoint_family.ts";
import { only, readModelConfig, TRANSFORMERS_FIELDS, unfitConfig } from "../model_config.ts";
import { product } from "../product.ts";

/** The architecture of one DAC model. */
export interface DacConfig {
  readonly sampleRate: number;
  /** Channels of the encoder's first layer; each stage doubles them. */
  readonly encoderChannels: number;
  readonly encoderRates: readonly number[];
  readonly latentChannels: number;
  /** Channels before the decoder's first stage; each stage halves them. */
  readonly decoderChannels: number;
  readonly decoderRates: readonly number[];
  readonly codebookSize: number;
  /** Dimensions of the entries of each codebook. */
  readonly codebookChannels: readonly number[];
  /** Samples a frame. */
  readonly hop: number;
}

const count = z.int().positive();
/** A layer of stride 1 would give one step too many. */
const rates = z.array(count.min(2)).min(1);
const size = count.max(2 ** 31);
/** Of training. */
const unused = z.unknown().optional();

/** The defaults are those of the constructor. */
const KWARGS = z.strictObject({
  encoder_dim: count.default(64),
  encoder_rates: rates.default([2, 4, 8, 8]),
  latent_dim: count.nullable().default(null),
  decoder_dim: count.default(1536),
  decoder_rates: rates.default([8, 8, 4, 2]),
  n_codebooks: count.default(9),
  codebook_size: size.default(1024),
  codebook_dim: z.union([count, z.array(count)]).default(8),
  quantizer_dropout: unused,
  sample_rate: count.default(44_100),
});

/** Training may have left more than the arguments under `metadata`. */
const ORIGINAL = z.strictObject({ metadata: z.looseObject({ kwargs: KWARGS }) });

const TRANSFORMERS = z.strictObject({
  ...TRANSFORMERS_FIELDS,
  model_type: only("dac"),
  encoder_hidden_size: count.default(64),
  downsampling_ratios: rates.default([2, 4, 8, 8]),
  hidden_size: count.optional(),
  decoder_hidden_size: count.default(1536),
  upsampling_ratios: rates.optional(),
  n_codebooks: count.default(9),
  codebook_size: size.default(1024),
  codebook_dim: count.default(8),
  sampling_rate: count.default(16_000),
  hop_length: count.optional(),
  quantizer_dropout: unused,
  commitment_loss_weight: unused,
  codebook_loss_weight: unused,
});

/** The arguments as the authors' code names them, and what the config says of the hop. */
interface Fields extends Omit<z.infer<typeof KWARGS>, "quantizer_dropout"> {
  readonly "hop_length"?: number | undefined;
}

/**
 * Reads the config of a model.
 *
 * @throws {UsageError} If a field is unknown, does not fit, or contradicts another.
 */
export function dacConfig(model: OpenedModel): DacConfig {
  const fields = isTransformers(model) ? transformersFields(model) : originalFields(model);
  const { encoder_dim, encoder_rates, n_codebooks, codebook_dim } = fields;
  const config: DacConfig = {
    sampleRate: fields.sample_rate,
    encoderChannels: encoder_dim,
    encoderRates: encoder_rates,
    latentChannels: fields.latent_dim ?? encoder_dim * 2 ** encoder_rates.length,
    decoderChannels: fields.decoder_dim,
    decoderRates: fields.decoder_rates,
    codebookSize: fields.codebook_size,
    codebookChannels: typeof codebook_dim === "number"
      ? new Array<number>(n_codebooks).fill(codebook_dim)
      : codebook_dim,
    hop: product(encoder_rates),
  };
  const [problem] = contradictions(config, fields);
  if (problem !== undefined) throw unfitConfig(model, problem);
  return config;
}

/** Whether a config is `config.json` of transformers. */
export function isTransformers({ config }: Pick<OpenedModel, "config">): boolean {
  return config !== null && "model_type" in config;
}

function originalFields(model: OpenedModel): Fields {
  return readModelConfig(model, ORIGINAL).metadata.kwargs;
}

function transformersFields(model: OpenedModel): Fields {
  const read = readModelConfig(model, TRANSFORMERS);
  return {
    encoder_dim: read.encoder_hidden_size,
    encoder_rates: read.downsampling_ratios,
    latent_dim: read.hidden_size ?? null,
    decoder_dim: read.decoder_hidden_size,
    decoder_rates: read.upsampling_ratios ?? read.downsampling_ratios.toReversed(),
    n_codebooks: read.n_codebooks,
    codebook_size: read.codebook_size,
    codebook_dim: read.codebook_dim,
    sample_rate: read.sampling_rate,
    hop_length: read.hop_length,
  };
}

function* contradictions(config: DacConfig, fields: Fields): Generator<string> {
  const { hop, decoderRates, decoderChannels, codebookChannels } = config;
  if (product(decoderRates) !== hop) {
    yield `the decoder's rates give ${product(decoderRates)} samples a frame, the encoder's ${hop}`;
  }
  if (fields.hop_length !== undefined && fields.hop_length !== hop) {
    yield `hop_length is ${fields.hop_length}, but the rates give ${hop}`;
  }
  if (decoderChannels % 2 ** decoderRates.length !== 0) {
    yield `the decoder's ${decoderChannels} channels cannot be halved ${decoderRates.length} times`;
  }
  if (codebookChannels.length !== fields.n_codebooks) {
    yield `codebook_dim: ${codebookChannels.length} numbers for ${fields.n_codebooks} codebooks`;
  }
}
