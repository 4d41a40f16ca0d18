/**
 * What the layers of EnCodec are called in its checkpoints.
 *
 * @module
 */
import type { CheckpointWeights } from "../checkpoint_weights.ts";

/** Names of layers, to which `.weight`, `.bias` … are added. */
export interface EncodecNames {
  /** A convolution of `encoder` or `decoder`, alone or inside a residual unit (`block.1`). */
  convolution(half: Half, layer: number, inside?: string): string;
  transposed(layer: number): string;
  lstm(half: Half, layer: number): string;
  codebook(index: number): string;
  /** Training statistics, of which nothing depends. */
  readonly unneeded: RegExp;
}

/** Which of the two networks. */
export type Half = "encoder" | "decoder";

/** As transformers calls them. */
const TRANSFORMERS: EncodecNames = {
  convolution: (half, layer, inside) => `${place(half, "layers", layer, inside)}.conv`,
  transposed: (layer) => `decoder.layers.${layer}.conv`,
  lstm: (half, layer) => `${half}.layers.${layer}.lstm`,
  codebook: (index) => `quantizer.layers.${index}.codebook.embed`,
  unneeded: /^quantizer\.layers\.\d+\.codebook\.(?:embed_avg|cluster_size|inited)$/,
};

/** As the authors' own code does. */
const ORIGINAL: EncodecNames = {
  convolution: (half, layer, inside) => `${place(half, "model", layer, inside)}.conv.conv`,
  transposed: (layer) => `decoder.model.${layer}.convtr.convtr`,
  lstm: (half, layer) => `${half}.model.${layer}.lstm`,
  codebook: (index) => `quantizer.vq.layers.${index}._codebook.embed`,
  unneeded: /^quantizer\.vq\.layers\.\d+\._codebook\.(?:embed_avg|cluster_size|inited)$/,
};

function place(half: Half, list: string, layer: number, inside?: string): string {
  const name = `${half}.${list}.${layer}`;
  return inside === undefined ? name : `${name}.${inside}`;
}

/** A tensor that only the authors' spelling has. */
const OF_ORIGINAL = "quantizer.vq.layers.0._codebook.embed";

/** The spelling of a checkpoint. */
export function namesIn(weights: Pick<CheckpointWeights, "has">): EncodecNames {
  return weights.has(OF_ORIGINAL) ? ORIGINAL : TRANSFORMERS;
}

/** Whether a state dict without a config is one of EnCodec as its authors save it. */
export function isOriginal(tensors: ReadonlyMap<string, unknown>): boolean {
  return tensors.has(OF_ORIGINAL) && tensors.has("encoder.model.0.conv.conv.bias");
}
