/**
 * Encoding as the engine sees it: audio in, rows of codec tokens out.
 *
 * @module
 */
import {
  type Chunking,
  type CodecDigests,
  type CodecSpec,
  type Codes,
  paddedLength,
  validLength,
} from "../models/codec.ts";
import type { CodecSettings } from "../models/checkpoint_family.ts";
import { codecDigests, codecSpec } from "../models/registry.ts";
import { encodeCard } from "./encode_card.ts";
import type { Job, JobStage, Json, PlannedSample, StageOutput } from "./run/job.ts";
import type { Column, ColumnType, ShardRow } from "./shards/column.ts";
import type { Source } from "./sources/source.ts";

/** What an encode job is made of. */
export interface EncodeJobOptions {
  readonly source: Source;
  /** A codec's name, or a folder that holds one. */
  readonly codec: string;
  /** What was chosen of the codec: the manifest tells it to whoever has only that. @default {{}} */
  readonly settings?: CodecSettings;
  /** Columns that are the same in every row. */
  readonly constants: Readonly<Record<string, string | number | boolean | null>>;
}

/** Makes the job that `speechmill encode` runs. */
export async function encodeJob(options: EncodeJobOptions): Promise<Job> {
  const spec = codecSpec(options.codec);
  const digests = await codecDigests(options.codec);
  const { digest } = digests;
  const layers = spec.hopLengths.map((_, i) => `${spec.name}_layer_${i + 1}`);
  const { source, constants, settings = {} } = options;
  return {
    source,
    stage: codecStage(spec, options.codec, digest),
    columns: columnsOf(spec, layers, constants),
    row: (sample, output, seconds) => row(spec, layers, constants, sample, output, seconds),
    model: modelFacts(spec, digests, settings),
    card: (figures) => encodeCard(spec, digest, layers, constants, figures),
    notice: spec.notice,
  };
}

function columnsOf(
  spec: CodecSpec,
  layers: readonly string[],
  constants: EncodeJobOptions["constants"],
): Column[] {
  const typed = (type: ColumnType, names: readonly string[]): Column[] =>
    names.map((name) => ({ name, type }));
  return [
    ...typed("string", ["id", "text"]),
    ...layers.map((name): Column => ({ name, type: "tokens", maximum: spec.codebookSize - 1 })),
    ...typed("int64", ["encoded_len", "num_samples", "sample_rate"]),
    ...typed("float64", ["duration"]),
    ...typed("string", ["speaker", "language"]),
    ...Object.entries(constants).map(([name, value]): Column => ({ name, type: typeOf(value) })),
  ];
}

function typeOf(value: string | number | boolean | null): ColumnType {
  if (typeof value === "boolean") return "bool";
  if (typeof value !== "number") return "string";
  return Number.isInteger(value) ? "int64" : "float64";
}

function codecStage(spec: CodecSpec, codec: string, modelDigest: string): JobStage {
  const tokensPerSecond = spec.hopLengths.reduce((sum, hop) => sum + spec.sampleRate / hop, 0);
  return {
    name: "codec",
    settings: { codec },
    modelDigest,
    // A token is at most five digits and a comma, in the ledger and, compressed, in its shard.
    bytesPerSecond: tokensPerSecond * 8,
    lengthOf: (seconds) =>
      paddedLength(spec, Math.ceil(seconds * spec.sampleRate)) / spec.paddingUnit,
    check: (output) => fault(spec, output),
    tokens: (output) => codesOf(output).reduce((sum, layer) => sum + layer.length, 0),
  };
}

function row(
  spec: CodecSpec,
  layers: readonly string[],
  constants: EncodeJobOptions["constants"],
  sample: PlannedSample,
  output: StageOutput,
  seconds: number,
): ShardRow {
  const codes = codesOf(output);
  const { id, text, speaker, language } = sample;
  return {
    id,
    text,
    ...Object.fromEntries(layers.map((layer, i) => [layer, codes[i] ?? []])),
    // Frames of the finest layer, which is the last one.
    encoded_len: codes.at(-1)?.length ?? 0,
    num_samples: Number(output["num_samples"]),
    sample_rate: spec.sampleRate,
    duration: Number(seconds.toFixed(6)),
    speaker,
    language,
    ...constants,
  };
}

/** Checked by `fault` before it was recorded. */
function codesOf(output: StageOutput): Codes {
  return output["codes"] as Codes;
}

/** What is wrong with an answer of the codec stage. */
function fault(spec: CodecSpec, output: StageOutput): string | null {
  const { codes, num_samples: samples } = output;
  if (typeof samples !== "number" || !Number.isInteger(samples) || samples < 1) {
    return `Cannot use the codes: they stand for ${samples} samples`;
  }
  if (!Array.isArray(codes) || codes.length !== spec.hopLengths.length) {
    return `Cannot use the codes: '${spec.id}' has ${spec.hopLengths.length} layers`;
  }
  for (const [i, layer] of codes.entries()) {
    const expected = validLength(spec, i, samples);
    if (!Array.isArray(layer) || layer.length !== expected) {
      return `Cannot use the codes: layer ${
        i + 1
      } holds ${layer?.length} codes, ${samples} samples make ${expected}`;
    }
    const wrong = layer.find((code) =>
      !(Number.isInteger(code) && code >= 0 && code < spec.codebookSize)
    );
    if (wrong !== undefined) {
      return `Cannot use the codes: layer ${
        i + 1
      } holds ${wrong}, the codebook has ${spec.codebookSize} entries`;
    }
  }
  return null;
}

function modelFacts(
  spec: CodecSpec,
  { digest, encoderDigest }: CodecDigests,
  settings: CodecSettings,
): Job["model"] {
  return {
    codec: spec.id,
    sha256: digest,
    encoder_sha256: encoderDigest,
    sample_rate: spec.sampleRate,
    padding_unit: spec.paddingUnit,
    minimum_samples: spec.minimumSamples,
    hop_lengths: [...spec.hopLengths],
    codebook_size: spec.codebookSize,
    licence: spec.licence,
    notice: spec.notice,
    ...(Object.keys(settings).length === 0 ? {} : { settings: { ...settings } }),
    ...(spec.chunking === undefined ? {} : { chunking: chunkingFacts(spec.chunking) }),
  };
}

function chunkingFacts({ wholeSamples, samples, lead, step, reach, frames }: Chunking): Json {
  return { whole_samples: wholeSamples, samples, lead, step, reach, frames };
}
