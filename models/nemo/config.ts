/**
 * What is known of a NeMo codec: the `model_config.yaml` of its archive.
 *
 * @module
 */
import { z } from "../../lib/npm/zod.ts";
import type { OpenedModel } from "../checkpoint_family.ts";
import type { PaddingMode } from "../graph/convolution.ts";
import { readModelConfig, unfitConfig } from "../model_config.ts";
import { product } from "../product.ts";
import { resolved } from "./interpolation.ts";
import { isTrainingField } from "./training_fields.ts";

/** Activations between layers; `half_snake` is Snake for the first half of the channels, and leaky ReLU for the rest. */
export type NemoActivation = "elu" | "lrelu" | "snake" | "half_snake";

/** What encoder and decoder have in common. */
export interface NemoHalf {
  /** Whether convolutions see the past alone. */
  readonly causal: boolean;
  /** Strides, in the order of the layers. */
  readonly rates: readonly number[];
  /** Channels of the first layer. */
  readonly baseChannels: number;
  /** Channels of the latents. */
  readonly latents: number;
  readonly inKernel: number;
  readonly outKernel: number;
  /** Each residual layer is the mean of a chain of blocks of each kernel … */
  readonly residualKernels: readonly number[];
  /** … and each chain has a block of each dilation. */
  readonly residualDilations: readonly number[];
  readonly activation: NemoActivation;
  /** What lies beyond the ends of a signal. */
  readonly padding: PaddingMode;
}

/** What the decoder has beside. */
export interface NemoDecoder extends NemoHalf {
  readonly outputActivation: "tanh" | "clamp";
  /** Whether a channel that comes out of upsampling is made of two that go in, or of all. */
  readonly grouped: boolean;
}

/** Finite scalar quantisation in groups. */
export interface NemoQuantizer {
  readonly groups: number;
  /** Levels of each dimension of a group. */
  readonly levels: readonly number[];
  /** By how much the outermost levels are drawn in. */
  readonly epsilon: number;
}

/** The architecture of one NeMo codec. */
export interface NemoConfig {
  readonly sampleRate: number;
  readonly samplesPerFrame: number;
  readonly encoder: NemoHalf;
  readonly decoder: NemoDecoder;
  readonly quantizer: NemoQuantizer;
}

const MODULES = "nemo.collections.tts.modules.audio_codec_modules.";

/** ONNX's words for torch's. */
const PADDING = { "zeros": "constant", "replicate": "edge", "reflect": "reflect" } as const;

const count = z.int().positive();
const odd = count.refine((value) => value % 2 === 1, "only odd kernels are known");
const rates = z.array(count.min(2)).min(1);

const HALF = {
  "in_kernel_size": odd.default(7),
  "resblock_kernel_sizes": z.array(odd).min(1).default([3, 7, 11]),
  "resblock_dilation_sizes": z.array(count).min(1).default([1, 3, 5]),
  "activation": z.string().toLowerCase().pipe(z.enum(["elu", "lrelu", "snake", "half_snake"]))
    .default("lrelu"),
  // Before it could be chosen, everything reflected; causal modules are padded with zeros whatever it says.
  "pad_mode": z.enum(["zeros", "replicate", "reflect"]).default("reflect"),
};

const ENCODER = z.strictObject({
  ...HALF,
  "_target_": z.enum([`${MODULES}HiFiGANEncoder`, `${MODULES}CausalHiFiGANEncoder`]),
  "encoded_dim": count,
  "down_sample_rates": rates.default([2, 2, 8, 8]),
  "base_channels": count.default(32),
  "out_kernel_size": odd.default(7),
});

const DECODER = z.strictObject({
  ...HALF,
  "_target_": z.enum([`${MODULES}HiFiGANDecoder`, `${MODULES}CausalHiFiGANDecoder`]),
  "input_dim": count,
  "up_sample_rates": rates.default([8, 8, 2, 2]),
  "base_channels": count.default(512),
  "out_kernel_size": odd.default(3),
  "output_activation": z.enum(["tanh", "clamp"]).default("tanh"),
  "n_groups_equal_to_out_channels": z.boolean().optional(),
});

const QUANTIZER = z.strictObject({
  "_target_": z.literal(`${MODULES}GroupFiniteScalarQuantizer`),
  "num_groups": count,
  // Up to 25 levels the reference's way through fractions gives whole numbers back.
  "num_levels_per_group": z.array(count.min(2).max(25)).min(1),
  "eps": z.number().min(0).max(0.5).default(1e-3),
});

const CONFIG = z.strictObject({
  "sample_rate": count,
  "samples_per_frame": count,
  "audio_encoder": ENCODER,
  "audio_decoder": DECODER,
  "vector_quantizer": QUANTIZER,
}).transform((config): NemoConfig => ({
  sampleRate: config.sample_rate,
  samplesPerFrame: config.samples_per_frame,
  encoder: {
    ...halfOf(config.audio_encoder),
    rates: config.audio_encoder.down_sample_rates,
    latents: config.audio_encoder.encoded_dim,
  },
  decoder: {
    ...halfOf(config.audio_decoder),
    rates: config.audio_decoder.up_sample_rates,
    latents: config.audio_decoder.input_dim,
    outputActivation: config.audio_decoder.output_activation,
    grouped: config.audio_decoder.n_groups_equal_to_out_channels ??
      isCausal(config.audio_decoder._target_),
  },
  quantizer: {
    groups: config.vector_quantizer.num_groups,
    levels: config.vector_quantizer.num_levels_per_group,
    epsilon: config.vector_quantizer.eps,
  },
}));

/**
 * The config of a model.
 *
 * @throws {UsageError} If a field is missing, unknown, does not fit or contradicts another.
 */
export function readNemoConfig(model: OpenedModel): NemoConfig {
  const complain = (problem: string): never => {
    throw unfitConfig(model, problem);
  };
  const { config } = model;
  // Fields of training may refer to what the archive does not hold.
  const needed = Object.fromEntries(
    Object.entries(config ?? {}).filter(([key]) => !isTrainingField(key))
      .map(([key, value]) => [key, resolved(value, config ?? {}, complain)]),
  );
  const read = readModelConfig({ ...model, config: config === null ? null : needed }, CONFIG);
  checkAgreement(read, complain);
  return read;
}

/** Entries of each codebook. */
export function codebookSizeOf({ levels }: NemoQuantizer): number {
  return product(levels);
}

function checkAgreement(
  { samplesPerFrame, encoder, decoder, quantizer }: NemoConfig,
  complain: (problem: string) => never,
): void {
  const hops = {
    "audio_encoder.down_sample_rates": encoder.rates,
    "audio_decoder.up_sample_rates": decoder.rates,
  };
  for (const [field, list] of Object.entries(hops)) {
    if (product(list) === samplesPerFrame) continue;
    complain(
      `${field}: ${list.join(" × ")} is ${product(list)} and samples_per_frame ${samplesPerFrame}`,
    );
  }
  const dimensions = quantizer.groups * quantizer.levels.length;
  const widths = {
    "audio_encoder.encoded_dim": encoder.latents,
    "audio_decoder.input_dim": decoder.latents,
  };
  for (const [field, width] of Object.entries(widths)) {
    if (width === dimensions) continue;
    complain(`${field} is ${width} where vector_quantizer has ${dimensions} dimensions`);
  }
  if (codebookSizeOf(quantizer) > 2 ** 24) {
    complain("vector_quantizer.num_levels_per_group: its codes are beyond float32");
  }
  const halvings = 2 ** decoder.rates.length;
  if (decoder.baseChannels % (decoder.grouped ? halvings : halvings / 2) !== 0) {
    complain(
      `audio_decoder.base_channels: ${decoder.baseChannels} cannot be halved ` +
        `${decoder.rates.length} times`,
    );
  }
}

function halfOf(half: z.infer<typeof ENCODER> | z.infer<typeof DECODER>) {
  const causal = isCausal(half._target_);
  return {
    causal,
    baseChannels: half.base_channels,
    inKernel: half.in_kernel_size,
    outKernel: half.out_kernel_size,
    residualKernels: half.resblock_kernel_sizes,
    residualDilations: half.resblock_dilation_sizes,
    activation: half.activation,
    padding: causal ? "constant" as const : PADDING[half.pad_mode],
  };
}

function isCausal(target: string): boolean {
  return target.startsWith(`${MODULES}Causal`);
}
