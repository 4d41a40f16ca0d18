/**
 * What NeMo codecs are called in columns, and the terms that their weights come under.
 *
 * @module
 */
import type { CodecSpec } from "../codec.ts";
import type { NemoConfig } from "./config.ts";

type Terms = Pick<CodecSpec, "name" | "licence" | "notice">;

/**
 * Prefix of the columns, licence and notice: of the models that NVIDIA published, which are told
 * by their architecture. Weights that others trained may come under other terms.
 */
export function termsOf(config: NemoConfig): Terms {
  const { sampleRate, decoder, samplesPerFrame, quantizer } = config;
  if (!decoder.causal) return { name: `nemo${Math.floor(sampleRate / 1000)}`, ...SOURCE_CODE };
  const small = samplesPerFrame === 1764 && quantizer.groups === 4;
  return {
    name: "nano",
    licence: "NVIDIA Open Model License",
    notice: small ? FEW_SPEAKERS : null,
  };
}

const SOURCE_CODE = {
  licence: "NVIDIA Source Code License (nsclv1)",
  notice: "its weights, and what is made with them, may be used non-commercially only",
};

const FEW_SPEAKERS =
  "NVIDIA made this codec for fine-tuning with few speakers and advises against it for general audio";
