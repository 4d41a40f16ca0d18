/**
 * What the layers of DAC are called in its checkpoints.
 *
 * @module
 */
import type { UnitLayers } from "../graph/residual_unit.ts";
import { UNIT_LAYERS } from "../graph/residual_unit.ts";

/** Names of layers, to which `.weight`, `.alpha` … are added. */
export interface DacNames {
  readonly encoder: HalfNames;
  readonly decoder: HalfNames;
  /** Names of the layers inside a residual unit. */
  readonly unit: UnitLayers;
}

/** Names in one of the two networks. */
export interface HalfNames {
  readonly first: string;
  /** A stage: its residual units, its snake and the convolution that changes the rate. */
  stage(index: number): {
    unit(index: number): string;
    readonly snake: string;
    readonly resampling: string;
  };
  readonly snake: string;
  readonly last: string;
}

/** The names of the authors' own code, for networks of so many stages. */
export function originalNames(stages: number): DacNames {
  return {
    encoder: {
      first: "encoder.block.0",
      stage: (index) => {
        const block = `encoder.block.${index + 1}.block`;
        return {
          unit: (unit) => `${block}.${unit}`,
          snake: `${block}.3`,
          resampling: `${block}.4`,
        };
      },
      snake: `encoder.block.${stages + 1}`,
      last: `encoder.block.${stages + 2}`,
    },
    decoder: {
      first: "decoder.model.0",
      stage: (index) => {
        const block = `decoder.model.${index + 1}.block`;
        return {
          unit: (unit) => `${block}.${unit + 2}`,
          snake: `${block}.0`,
          resampling: `${block}.1`,
        };
      },
      snake: `decoder.model.${stages + 1}`,
      last: `decoder.model.${stages + 2}`,
    },
    unit: UNIT_LAYERS,
  };
}

/** The names of transformers. */
export const TRANSFORMERS_NAMES: DacNames = {
  encoder: half("encoder", "conv1"),
  decoder: half("decoder", "conv_t1"),
  unit: ["snake1", "conv1", "snake2", "conv2"],
};

function half(network: string, resampling: string): HalfNames {
  return {
    first: `${network}.conv1`,
    stage: (index) => {
      const block = `${network}.block.${index}`;
      return {
        unit: (unit) => `${block}.res_unit${unit + 1}`,
        snake: `${block}.snake1`,
        resampling: `${block}.${resampling}`,
      };
    },
    snake: `${network}.snake1`,
    last: `${network}.conv2`,
  };
}
