/**
 * What NeMo codecs are called in columns, and the terms that their weights come under.
 *
 * @module
 */
import type { CodecSpec } from "../codec.ts";
import type { NemoConfig } from "./config.ts";

type Terms = Pick<CodecSpec, "licence" | "notice">;

/** Prefix of the columns, licence and notice. */
export function termsOf(config: NemoConfig): Pick<CodecSpec, "name"> & Terms {
  const { sampleRate, decoder, samplesPerFrame, quantizer } = config;
  const name = decoder.causal ? "nano" : `nemo${Math.floor(sampleRate / 1000)}`;
  const key = `${name} ${samplesPerFrame} ${quantizer.groups} ${quantizer.levels.join()}`;
  return { name, ...PUBLISHED.get(key) ?? UNKNOWN };
}

const OPEN_MODEL: Terms = { licence: "NVIDIA Open Model License", notice: null };

/**
 * The models that NVIDIA published, by name, samples a frame, groups and levels: no archive
 * names its model or its licence.
 */
const PUBLISHED: ReadonlyMap<string, Terms> = new Map([
  ["nano 1764 4 9,8,8,7", {
    ...OPEN_MODEL,
    notice: "NVIDIA made this codec for fine-tuning with few speakers and advises against it for " +
      "general audio",
  }],
  ["nano 1764 13 8,7,6,6", OPEN_MODEL],
  ["nano 1024 8 8,7,6,6", OPEN_MODEL],
  ["nemo44 512 8 8,5,5,5", {
    licence: "NVIDIA Source Code License (nsclv1)",
    notice: "its weights, and what is made with them, may be used non-commercially only",
  }],
]);

const UNKNOWN: Terms = {
  licence: "unknown",
  notice: "this is none of the NeMo codecs that NVIDIA published: ask who trained it for its terms",
};
