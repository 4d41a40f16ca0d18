/**
 * From what was asked for to a source.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import type { DatasetConfig } from "./dataset.ts";
import { isAddress } from "./address.ts";
import type { InputFormat } from "./input_format.ts";
import { type InputKind, kindOfInput } from "./kind.ts";
import { openOne, type OpenOneOptions } from "./open_one.ts";
import { labelsOf, severalSources } from "./several.ts";
import type { Source } from "./source.ts";
import { withConstants } from "./with_constants.ts";

/** What to open beside the datasets themselves; a `RunConfig` has most of these. */
export interface OpenOptions extends OpenOneOptions {
  /** What the inputs are. @default {"auto"} */
  readonly inputFormat?: InputFormat;
}

/** Inputs that share all settings. */
export interface SourceOptions extends OpenOptions {
  /** Absolute paths and addresses; their samples follow one another. */
  readonly input: string | readonly string[];
  /** Columns by name or number, from 0. @default {the names that the data has} */
  readonly columns?: DatasetConfig["columns"];
}

/** Settings that say how a table is written. */
const TABLE_SETTINGS = ["delimiter", "header", "quotes"] as const;
/** Kinds whose samples have columns to choose from, or to filter by. */
const WITH_COLUMNS: readonly InputKind[] = ["table", "parquet", "arrow", "tar", "hub"];
/** Kinds whose samples lie within files of many. */
const CONTAINERS: readonly InputKind[] = ["parquet", "arrow", "tar", "hub"];
const WITH_FILTERS: readonly InputKind[] = [...WITH_COLUMNS, "jsonl"];

/**
 * Opens inputs that share all settings: folders, manifests, tables, Parquet, tars, datasets.
 * What can be seen at once is checked; what manifests say is read by `list()`.
 *
 * @throws {UsageError} If there is no such file or folder, it is nothing that can be listed, or it
 *   has not the columns that were asked for.
 */
export async function openSource(options: SourceOptions): Promise<Source> {
  const { input, columns = null } = options;
  const datasets = [input].flat().map((each): DatasetConfig => ({
    ...{ input: each, config: null, split: null, columns, constants: {}, where: {} },
    ...{ maxSamples: null, minSeconds: null, maxSeconds: null },
  }));
  return (await openDatasets(datasets, options)).source;
}

/** The datasets of a run, opened. */
export interface OpenedDatasets {
  readonly source: Source;
  /** Whether samples lie within files of many: a worker needs a place to write them to. */
  readonly haveContainers: boolean;
}

/**
 * Opens the datasets of a run as one source; their samples follow one another.
 *
 * @throws {UsageError} As `openSource`; also for a configuration or split that does not exist.
 */
export async function openDatasets(
  datasets: readonly DatasetConfig[],
  options: OpenOptions,
): Promise<OpenedDatasets> {
  const kinds = await Promise.all(datasets.map((dataset) => kindOf(dataset, options)));
  checkSettings(options, kinds);
  checkColumns(datasets, kinds);
  datasets.forEach((dataset, i) => checkDataset(dataset, kinds[i] ?? "jsonl"));
  const labels = labelsFor(datasets);
  const sources: Source[] = [];
  for (const [i, dataset] of datasets.entries()) {
    const source = await openOne(dataset, kinds[i] ?? "jsonl", labels[i], options);
    sources.push(withConstants(source, dataset.constants));
  }
  const haveContainers = kinds.some((kind) => CONTAINERS.includes(kind));
  const only = datasets.length === 1 && datasets[0]?.maxSamples === null ? sources[0] : undefined;
  const shares = sources.map((source, i) => ({
    source,
    maxSamples: datasets[i]?.maxSamples ?? null,
  }));
  return { source: only ?? severalSources(shares), haveContainers };
}

function kindOf({ input, columns }: DatasetConfig, options: OpenOptions): Promise<InputKind> {
  const isPlain = columns === null && TABLE_SETTINGS.every((name) => isUnset(options[name]));
  return kindOfInput(input, options.inputFormat ?? "auto", isPlain);
}

/** Places of several inputs name them by what tells their paths apart. */
function labelsFor(datasets: readonly DatasetConfig[]): readonly (string | undefined)[] {
  const paths = datasets.filter(({ input }) => !isAddress(input)).map(({ input }) => input);
  if (paths.length < 2) return datasets.map(() => undefined);
  const labels = labelsOf(paths);
  return datasets.map(({ input }) => isAddress(input) ? undefined : labels[paths.indexOf(input)]);
}

/** A setting that no input listens to is a mistake. */
function checkSettings(options: OpenOptions, kinds: readonly InputKind[]): void {
  if (kinds.includes("table")) return;
  const unheeded: string[] = TABLE_SETTINGS.filter((name) => !isUnset(options[name]));
  if (!isUnset(options.audioPattern) && !kinds.includes("ljspeech")) {
    unheeded.push("audio_pattern");
  }
  if (unheeded.length === 0) return;
  throw new UsageError(
    `Cannot use ${unheeded.join(", ")}: only tables have such settings, and the input is read as ${
      kinds.join(", ")
    }`,
  );
}

/** They are shared by all inputs, so one that heeds them is enough. */
function checkColumns(datasets: readonly DatasetConfig[], kinds: readonly InputKind[]): void {
  const isSet = datasets.some(({ columns }) => columns !== null);
  if (!isSet || kinds.some((kind) => WITH_COLUMNS.includes(kind))) return;
  // A pipeline's config names columns for everything.
  const advice = kinds.includes("folder")
    ? ": name a folder of audio files as `input`, without columns"
    : "";
  throw new UsageError(
    `Cannot use columns: the input is read as ${
      kinds.join(", ")
    }, which has no columns to choose from${advice}`,
  );
}

function checkDataset(dataset: DatasetConfig, kind: InputKind): void {
  const { input, where, config, split } = dataset;
  const unheeded = [
    ...Object.keys(where).length > 0 && !WITH_FILTERS.includes(kind) ? ["where"] : [],
    ...config !== null && kind !== "hub" && kind !== "parquet" ? ["subset"] : [],
    // The pipelines' configs name a split of everything: one folder of audio is that split.
    ...split !== null && split !== "train" && !HAS_SPLITS.includes(kind) ? ["split"] : [],
  ];
  if (unheeded.length === 0) return;
  throw new UsageError(
    `Cannot use ${
      unheeded.join(", ")
    } with '${input}': it is read as ${kind}, which has no such thing`,
  );
}

const HAS_SPLITS: readonly InputKind[] = ["hub", "parquet", "arrow"];

function isUnset(value: unknown): boolean {
  return value === undefined || value === null;
}
