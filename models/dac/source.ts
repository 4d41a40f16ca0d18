/**
 * A DAC model that is being converted: what both of its graphs are built from.
 *
 * @module
 */
import type { OpenedModel } from "../checkpoint_family.ts";
import { CheckpointWeights } from "../checkpoint_weights.ts";
import { type NormalisedQuantizer, normalisedQuantizer } from "../graph/normalised_quantizer.ts";
import { type DacConfig, dacConfig, isTransformers } from "./config.ts";
import { type DacNames, originalNames, TRANSFORMERS_NAMES } from "./names.ts";

/** The config and the tensors of a checkpoint. */
export interface DacSource {
  readonly config: DacConfig;
  readonly weights: CheckpointWeights;
  readonly names: DacNames;
}

/** Dilations of the residual units of a stage, in the encoder as in the decoder. */
export const DILATIONS = [1, 3, 9];
/** Steps that the first and the last convolution of the decoder and the first of the encoder see. */
export const OUTER_KERNEL = 7;
/** Steps that the last convolution of the encoder sees. */
export const LATENT_KERNEL = 3;

/**
 * Reads the config and finds the tensors.
 *
 * @throws {UsageError} If the config does not fit.
 */
export function openDac(model: OpenedModel): DacSource {
  const config = dacConfig(model);
  const names = isTransformers(model)
    ? TRANSFORMERS_NAMES
    : originalNames(config.encoderRates.length);
  return { config, weights: new CheckpointWeights(model.checkpoint), names };
}

/** The layers of the quantiser. */
export function dacQuantizers({ config, weights }: DacSource): NormalisedQuantizer[] {
  return config.codebookChannels.map((dimensions, layer) =>
    normalisedQuantizer(weights, `quantizer.quantizers.${layer}`, {
      channels: config.latentChannels,
      entries: config.codebookSize,
      dimensions,
    })
  );
}
