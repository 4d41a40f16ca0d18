/**
 * SNAC (Siuzdak et al., arXiv:2410.14411): codebooks of several frame rates. Its checkpoints for
 * 24, 32 and 44.1 kHz are `hubertsiuzdak/snac_24khz` and so on.
 *
 * @module
 */
import { UsageError } from "../../lib/errors.ts";
import type {
  CheckpointFamily,
  CodecSettings,
  ConvertedCodec,
  OpenedModel,
} from "../checkpoint_family.ts";
import { CheckpointWeights } from "../checkpoint_weights.ts";
import type { CodecSpec } from "../codec.ts";
import { OnnxGraph } from "../graph/graph.ts";
import { isNoiseSeed } from "../graph/seeded_noise.ts";
import { contextOf } from "../graph/signal.ts";
import { PLAIN_LAYOUT } from "../layout.ts";
import { type SnacConfig, snacConfig } from "./config.ts";
import { addDecoder } from "./decoder.ts";
import { addEncoder, codeNames } from "./encoder.ts";

/** Input of a decoder with noise. */
const POSITION = "position";

/** The SNAC codecs. */
export const SNAC: CheckpointFamily = {
  name: "SNAC",

  recognises({ config, checkpoint }) {
    return config !== null && "vq_strides" in config ||
      [...checkpoint.tensors.keys()].some((name) =>
        /^decoder\.model\.\d+\.block\.2\.linear\./.test(name)
      );
  },

  convert: (model, settings) => Promise.resolve().then(() => convertSnac(model, settings)),
};

function convertSnac(model: OpenedModel, settings: CodecSettings): ConvertedCodec {
  const seed = noiseSeed(model, settings);
  const config = snacConfig(model);
  if (seed !== null && !config.noise) {
    throw new UsageError(`Cannot convert '${model.id}' with noiseSeed: it has no noise blocks`);
  }
  const weights = new CheckpointWeights(model.checkpoint);
  const { precision = "float32" } = settings;
  const [encoder, decoder] = [new OnnxGraph(precision), new OnnxGraph(precision)];
  const codes = addEncoder(encoder, weights, config);
  const noise = seed === null ? null : { seed, position: POSITION };
  const audio = addDecoder({ graph: decoder, weights, config, noise });
  weights.assertAllUsed();
  return {
    spec: specOf(model, config, contextOf(codes, config.paddingUnit)),
    layout: {
      ...PLAIN_LAYOUT,
      codes: codeNames(config),
      decoderContext: contextOf(audio, config.paddingUnit),
      position: noise?.position ?? null,
    },
    graphs: { encoder, decoder },
  };
}

function specOf({ id }: OpenedModel, config: SnacConfig, context: number | null): CodecSpec {
  return {
    id,
    name: "snac",
    sampleRate: config.sampleRate,
    paddingUnit: config.paddingUnit,
    minimumSamples: config.paddingUnit,
    hopLengths: config.strides.map((stride) => stride * config.hop),
    codebookSize: config.codebookSize,
    context,
    licence: "MIT",
    notice: null,
  };
}

/** Checks the settings; the seed, or null for no noise. */
function noiseSeed({ id }: OpenedModel, settings: CodecSettings): number | null {
  const { noiseSeed: seed = null, precision: _, ...others } = settings;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new UsageError(
      `Cannot convert '${id}' with ${unknown}: SNAC has the settings noiseSeed and precision`,
    );
  }
  if (seed !== null && !isNoiseSeed(seed)) {
    throw new UsageError(
      `Cannot convert '${id}' with noiseSeed ${seed}: seeds are whole numbers from 0 to 2147483646`,
    );
  }
  return seed;
}
