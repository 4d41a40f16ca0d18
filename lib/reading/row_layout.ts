/**
 * What each column of a run is.
 *
 * @module
 */
import { messageOf, SpeechmillError } from "../errors.ts";
import type { Layout } from "../layouts/layout.ts";
import { makeLayout } from "../layouts/registry.ts";
import type { Column } from "../shards/column.ts";
import type { CodecSpec } from "../../models/codec.ts";
import type { RunManifest, RunModel } from "./manifest.ts";

/** What each column of a run is. */
export interface RowLayout {
  readonly columns: readonly Column[];
  /** Columns of tokens, in the order of the layout's lists. */
  readonly tokens: readonly string[];
  /** Columns of constants. */
  readonly constants: readonly string[];
  readonly layout: Layout;
  /** What tells how many codes a clip has. */
  readonly codec: Pick<CodecSpec, "id" | "hopLengths" | "codebookSize" | "chunking">;
}

/** Columns of every run, around its tokens. */
const BEFORE = ["id", "text"];
const AFTER = ["encoded_len", "num_samples", "sample_rate", "duration", "speaker", "language"];
/** Columns of some: of CSV files, and of codecs whose layers differ in rate. */
const OPTIONAL = ["index", "num_layers", "token_lengths"];

/**
 * Finds the tokens and the constants among the columns of a run.
 *
 * @throws {SpeechmillError} If these are not the columns of an encode run, or of no layout of this
 * version.
 */
export function rowLayout(
  manifest: Pick<RunManifest, "columns" | "model" | "layout">,
): RowLayout {
  const { columns, model } = manifest;
  const names = columns.map(({ name }) => name);
  const codec = codecFacts(model);
  const layout = layoutOf(manifest, codec);
  const tokens = manifest.layout?.columns ?? names.slice(
    BEFORE.length,
    names.findIndex((name) => name === "encoded_len" || name === "num_layers"),
  );
  const known = new Set([...BEFORE, ...tokens, ...AFTER, ...OPTIONAL]);
  const missing = [...BEFORE, ...tokens, ...AFTER].filter((name) => !names.includes(name));
  if (missing.length > 0 || tokens.length !== layout.columns) {
    throw new SpeechmillError(
      `Cannot read the rows: the columns are ${names.join(", ")}: these are not the columns of ` +
        "codec tokens",
    );
  }
  return { columns, tokens, constants: names.filter((name) => !known.has(name)), layout, codec };
}

function layoutOf({ layout }: Pick<RunManifest, "layout">, codec: RowLayout["codec"]): Layout {
  if (layout === undefined) return makeLayout("layers", codec);
  const { name, base, remove_repeated_frames: removeRepeatedFrames } = layout;
  try {
    return makeLayout(name, codec, { base, removeRepeatedFrames });
  } catch (error) {
    throw new SpeechmillError(`Cannot read the rows: ${messageOf(error)}`, { cause: error });
  }
}

function codecFacts(model: RunModel): RowLayout["codec"] {
  const { codec: id, hop_lengths: hopLengths, codebook_size: codebookSize, chunking } = model;
  const facts = { id, hopLengths, codebookSize };
  if (chunking === undefined) return facts;
  const { whole_samples: wholeSamples, ...lengths } = chunking;
  return { ...facts, chunking: { wholeSamples, ...lengths } };
}
