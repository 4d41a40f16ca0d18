/**
 * What a Mimi is built of.
 *
 * @module
 */
import type { OpenedModel } from "../checkpoint_family.ts";
import { unfitConfig } from "../model_config.ts";
import { product } from "../product.ts";

/** The sizes in which models of this architecture differ. */
export interface MimiConfig {
  readonly sampleRate: number;
  /** Channels of the features and in the transformers. */
  readonly channels: number;
  /** Channels of the first convolution; each stride doubles them. */
  readonly filters: number;
  /** Strides of the decoder's convolutions; the encoder has them the other way round. */
  readonly ratios: readonly number[];
  readonly kernel: number;
  readonly lastKernel: number;
  readonly residualKernel: number;
  /** How many times fewer channels the middle of a residual unit has. */
  readonly compress: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForward: number;
  /** Steps that attention looks back, its own included. */
  readonly window: number;
  readonly ropeBase: number;
  readonly normEpsilon: number;
  /** The first one is semantic, the others refine each other. */
  readonly codebooks: number;
  readonly codebookSize: number;
  readonly codebookChannels: number;
}

/** The published model: constants of Kyutai's code, defaults of transformers. */
export const PUBLISHED: MimiConfig = {
  sampleRate: 24000,
  channels: 512,
  filters: 64,
  ratios: [8, 6, 5, 4],
  kernel: 7,
  lastKernel: 3,
  residualKernel: 3,
  compress: 2,
  layers: 8,
  heads: 8,
  feedForward: 2048,
  window: 250,
  ropeBase: 10000,
  normEpsilon: 1e-5,
  codebooks: 32,
  codebookSize: 2048,
  codebookChannels: 256,
};

/** Codes are made of every second feature. */
export const DOWNSAMPLING = 2;

/** Samples that one feature stands for. */
export function featureHop({ ratios }: Pick<MimiConfig, "ratios">): number {
  return product(ratios);
}

/** A field, the value that it has and the one that others ask for. */
export type Dependent = readonly [field: string, found: number, due: number, reason: string];

/**
 * Checks fields that follow from others, and what must be whole.
 *
 * @throws {UsageError} If one does not.
 */
export function checkConfig(
  model: OpenedModel,
  config: MimiConfig,
  dependents: readonly Dependent[],
): MimiConfig {
  for (const [field, found, due, reason] of dependents) {
    if (found !== due) throw unfitConfig(model, `${field}: ${found} where ${reason} is ${due}`);
  }
  const { channels, heads, filters, compress } = config;
  if (channels % (2 * heads) !== 0) {
    throw unfitConfig(model, `${channels} channels in ${heads} heads leave no pairs to rotate`);
  }
  if (filters % compress !== 0) {
    throw unfitConfig(model, `${filters} filters cannot be compressed ${compress} times`);
  }
  return config;
}
