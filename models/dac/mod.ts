/**
 * DAC, the Descript Audio Codec (Kumar et al., arXiv:2306.06546), as its authors and as
 * transformers publish it.
 *
 * @module
 */
import type {
  CheckpointFamily,
  CodecSettings,
  ConvertedCodec,
  OpenedModel,
} from "../checkpoint_family.ts";
import type { CodecSpec } from "../codec.ts";
import { type Edges, optionalEdges, ZERO_EDGES } from "../graph/edges.ts";
import { OnnxGraph } from "../graph/graph.ts";
import { contextOf } from "../graph/signal.ts";
import { type CodecLayout, PLAIN_LAYOUT } from "../layout.ts";
import { chunkingOf } from "./chunking.ts";
import { addDecoder, shortfallOf } from "./decoder.ts";
import { addEncoder } from "./encoder.ts";
import { chosenCodebooks } from "./settings.ts";
import { dacQuantizers, type DacSource, openDac } from "./source.ts";

/** DAC of 16, 24 and 44.1 kHz. */
export const DAC: CheckpointFamily = {
  name: "DAC",
  recognises({ config, checkpoint }) {
    if (config === null) return false;
    return config["model_type"] === "dac" ||
      ("metadata" in config && checkpoint.tensors.has("quantizer.quantizers.0.codebook.weight"));
  },
  convert(model, settings) {
    return Promise.resolve().then(() => convertDac(model, settings));
  },
};

function convertDac(model: OpenedModel, settings: CodecSettings): ConvertedCodec {
  const source = openDac(model);
  const { chunked = false, precision = "float32" } = settings;
  const all = dacQuantizers(source);
  const quantizers = all.slice(0, chosenCodebooks(model.id, source.config, settings));
  const edgesOf = chunked ? optionalPadding : () => ZERO_EDGES;
  const encoder = new OnnxGraph(precision);
  const encoded = addEncoder(encoder, source, { quantizers, edges: edgesOf(encoder) });
  const decoder = new OnnxGraph(precision);
  const decoded = addDecoder(decoder, source, { quantizers, edges: edgesOf(decoder) });
  source.weights.assertAllUsed();
  const { hop } = source.config;
  const reach = { context: contextOf(encoded, hop), decoderContext: contextOf(decoded, hop) };
  const facts = { source, codebooks: quantizers.length, ...reach };
  return {
    ...(chunked ? chunkedFacts(model.id, facts) : plainFacts(model.id, facts)),
    graphs: { encoder, decoder },
  };
}

/** The input that says whether there are zeros beyond the ends: int64 [1], 0 or 1. */
function optionalPadding(graph: OnnxGraph): Edges {
  return optionalEdges(graph.input({ name: "padding", type: "int64", shape: [1] }));
}

interface Facts {
  readonly source: DacSource;
  readonly codebooks: number;
  readonly context: number | null;
  readonly decoderContext: number | null;
}

interface SpecAndLayout {
  readonly spec: CodecSpec;
  readonly layout: CodecLayout;
}

function plainFacts(
  id: string,
  { source, codebooks, context, decoderContext }: Facts,
): SpecAndLayout {
  const { sampleRate, hop, codebookSize, decoderRates } = source.config;
  return {
    spec: {
      id,
      name: "dac",
      sampleRate,
      paddingUnit: hop,
      minimumSamples: hop,
      hopLengths: new Array<number>(codebooks).fill(hop),
      codebookSize,
      context,
      licence: "MIT",
      notice: null,
    },
    layout: { ...PLAIN_LAYOUT, decoderContext, shortfall: shortfallOf(decoderRates) },
  };
}

/** Clips are measured, cut and padded as a whole, so none may be padded or cut before. */
function chunkedFacts(id: string, facts: Facts): SpecAndLayout {
  const { spec, layout } = plainFacts(id, facts);
  return {
    spec: {
      ...spec,
      paddingUnit: 1,
      minimumSamples: 1,
      context: null,
      chunking: chunkingOf(facts.source.config),
      notice: "Clips were brought to a loudness of -16 dB before they were encoded, as DAC's " +
        "command line does; their codes decode to that loudness, not to their own",
    },
    layout: { ...layout, decoderContext: null, preparation: "dac-chunks" },
  };
}
