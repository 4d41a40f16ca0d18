/**
 * Encoding as the engine sees it: audio in, rows of codec tokens out.
 *
 * @module
 */
import { type Chunking, type CodecDigests, type CodecSpec, paddedLength } from "../models/codec.ts";
import type { CodecSettings } from "../models/checkpoint_family.ts";
import { codecDigests, codecSpec } from "../models/registry.ts";
import { encodeCard } from "./encode_card.ts";
import { columnsOf, layerLengthsOf, tokenColumns } from "./encoding/columns.ts";
import { Constants, type DatasetConstants } from "./encoding/constants.ts";
import { codesOf, outputFault } from "./encoding/output_check.ts";
import { hasOneRate } from "./layouts/frame.ts";
import type { Layout, LayoutName } from "./layouts/layout.ts";
import { makeLayout } from "./layouts/registry.ts";
import type { Job, JobStage, Json, PlannedSample, StageOutput } from "./run/job.ts";
import type { ShardRow } from "./shards/column.ts";
import type { FormatName } from "./shards/names.ts";
import type { Source } from "./sources/source.ts";

/** How the tokens of a row are laid out. */
export interface LayoutChoice {
  readonly name: LayoutName;
  /** The first id; null for the layout's own. */
  readonly base: number | null;
  readonly removeRepeatedFrames: boolean;
}

/** What an encode job is made of. */
export interface EncodeJobOptions {
  readonly source: Source;
  /** A codec's name, or a folder that holds one. */
  readonly codec: string;
  /** The commit on the Hub that the codec was made from; null for none. @default {null} */
  readonly codecCommit?: string | null;
  /** What was chosen of the codec: the manifest tells it to whoever has only that. @default {{}} */
  readonly settings?: CodecSettings;
  /** Columns with one value in every row of a dataset, by the number of the dataset; one alone is for all. */
  readonly constants: readonly DatasetConstants[];
  /** What messages call the datasets. @default numbers */
  readonly datasets?: readonly string[];
  /** @default {{ name: "layers", base: null, removeRepeatedFrames: false }} */
  readonly layout?: LayoutChoice;
  /** Put the row's place in the plan into a first column, `index`. @default {false} */
  readonly withIndex?: boolean;
  /** What the data files are: the card says how to read them. @default {"jsonl.gz"} */
  readonly format?: FormatName;
  /** The command that makes the data once more, for the card. @default {null} */
  readonly command?: string | null;
}

const LAYERS: LayoutChoice = { name: "layers", base: null, removeRepeatedFrames: false };

/**
 * Makes the job that `speechmill encode` runs.
 *
 * @throws {UsageError} If the layout does not fit the codec, or the constants not each other or the
 * columns.
 */
export async function encodeJob(options: EncodeJobOptions): Promise<Job> {
  const spec = codecSpec(options.codec);
  const digests = await codecDigests(options.codec);
  const { source, settings = {}, withIndex = false, codecCommit: commit = null } = options;
  const choice = options.layout ?? LAYERS;
  const layout = makeLayout(choice.name, spec, choice);
  const constants = new Constants(options.constants, options.datasets);
  const described = columnsOf({ spec, layout, constants, withIndex });
  const { format = "jsonl.gz", command = null } = options;
  const card = {
    ...{ spec, commit, layout, format, command },
    ...{ digest: digests.digest, columns: described },
  };
  const rows: RowFacts = { spec, layout, constants, withIndex, tokens: tokenColumns(spec, layout) };
  return {
    source,
    stage: codecStage(spec, layout, options.codec, digests.digest),
    columns: described.map(({ meaning: _, ...column }) => column),
    row: (sample, output, seconds) => row(rows, sample, output, seconds),
    model: modelFacts(spec, { ...digests, commit }, settings),
    layout: layoutFacts(layout, rows.tokens),
    extraFiles: () => [{ name: "vocabulary.json", content: vocabulary(layout, rows.tokens) }],
    card: (figures) => encodeCard(card, figures),
    notice: spec.notice,
  };
}

interface RowFacts {
  readonly spec: CodecSpec;
  readonly layout: Layout;
  readonly constants: Constants;
  readonly withIndex: boolean;
  readonly tokens: readonly string[];
}

function codecStage(
  spec: CodecSpec,
  layout: Layout,
  codec: string,
  modelDigest: string,
): JobStage {
  const tokensPerSecond = spec.hopLengths.reduce((sum, hop) => sum + spec.sampleRate / hop, 0);
  return {
    name: "codec",
    settings: { codec, ...(layout.wholeFrames ? { whole_frames: true } : {}) },
    modelDigest,
    // A token is at most six digits and a comma, in the ledger and, compressed, in its shard.
    bytesPerSecond: tokensPerSecond * 8,
    lengthOf: (seconds) =>
      paddedLength(spec, Math.ceil(seconds * spec.sampleRate)) / spec.paddingUnit,
    check: (output) => outputFault(spec, layout, output),
    tokens: (output) => {
      const codes = codesOf(output);
      // Where frames are left out, what is written counts.
      return count(layout.isLossless ? codes : layout.arrange(codes));
    },
  };
}

function count(lists: readonly (readonly number[])[]): number {
  return lists.reduce((sum, list) => sum + list.length, 0);
}

function row(
  facts: RowFacts,
  sample: PlannedSample,
  output: StageOutput,
  seconds: number,
): ShardRow {
  const { spec, layout, tokens } = facts;
  const numSamples = Number(output["num_samples"]);
  const lengths = layerLengthsOf(spec, numSamples);
  const lists = layout.arrange(codesOf(output));
  const { idx, id, text, speaker, language } = sample;
  return {
    ...(facts.withIndex ? { index: idx } : {}),
    id,
    text,
    ...Object.fromEntries(tokens.map((name, i) => [name, lists[i] ?? []])),
    ...(hasOneRate(spec) ? {} : { num_layers: lengths.length, token_lengths: lengths }),
    // Codes of the finest layer, which is the last one.
    encoded_len: lengths.at(-1) ?? 0,
    num_samples: numSamples,
    sample_rate: spec.sampleRate,
    duration: Number(seconds.toFixed(6)),
    speaker,
    language,
    // Last: one named 'speaker' or 'language' takes the place of that field.
    ...facts.constants.of(sample.origin),
  };
}

function modelFacts(
  spec: CodecSpec,
  { digest, encoderDigest, commit }: CodecDigests & { readonly commit: string | null },
  settings: CodecSettings,
): Job["model"] {
  return {
    codec: spec.id,
    ...(commit === null ? {} : { commit }),
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

function layoutFacts(layout: Layout, tokens: readonly string[]): NonNullable<Job["layout"]> {
  return {
    name: layout.name,
    base: layout.base,
    remove_repeated_frames: !layout.isLossless,
    columns: [...tokens],
  };
}

function vocabulary(layout: Layout, tokens: readonly string[]): string {
  return `${JSON.stringify({ columns: tokens, ...layout.vocabulary() }, null, 2)}\n`;
}
