/**
 * The settings of a run, complete and checked.
 *
 * @module
 */

import { isAbsolute, resolve } from "node:path";
import type { LayoutName } from "../layouts/layout.ts";
import type { FormatName } from "../shards/names.ts";
import { isAddress } from "../sources/address.ts";
import type { Columns } from "../sources/columns.ts";
import type { Constant, FilterValue } from "../sources/dataset.ts";
import type { InputFormat } from "../sources/input_format.ts";
import type { DatasetSetting } from "./datasets.ts";
import { type SettingValues, TABLE } from "./settings.ts";

/** The settings of a run; `docs/settings.md` says what each means. Paths are absolute. */
export interface RunConfig {
  /** Empty where `datasets` says it. */
  readonly input: readonly string[];
  readonly inputFormat: InputFormat;
  readonly subset: string | null;
  readonly split: string | null;
  readonly where: Readonly<Record<string, FilterValue | readonly FilterValue[]>>;
  /** Null where `input` says it. */
  readonly datasets: readonly DatasetSetting[] | null;
  readonly streaming: boolean;
  readonly allowPartial: boolean;
  readonly audioRoot: readonly string[];
  /** Columns of a table by name or number, from 0; null for the names in its header. */
  readonly columns: Columns | null;
  /** One character; null to tell by the first line. */
  readonly delimiter: string | null;
  readonly header: boolean | null;
  readonly quotes: boolean | null;
  readonly audioPattern: string | null;
  readonly output: string;
  readonly format: FormatName;
  readonly layout: LayoutName;
  /** Null for the layout's own. */
  readonly layoutBase: number | null;
  readonly removeRepeatedFrames: boolean;
  /** Null for the run directory alone. */
  readonly saveLocal: string | null;
  /** `org/name`; null for none. */
  readonly hfUpload: string | null;
  readonly hfPublic: boolean;
  /** A codec's name, or the absolute path of its folder. */
  readonly codec: string;
  /** Kilobits a second; null for the codec's default. */
  readonly bandwidth: number | null;
  /** Null for the codec's default. */
  readonly codebooks: number | null;
  readonly chunked: boolean;
  readonly precision: "float32" | "float16";
  readonly devices: string;
  /** 0 to 1. */
  readonly valRatio: number;
  readonly splitBy: "id" | "speaker" | "text";
  /** Samples in one file. */
  readonly shardSize: number;
  /** 1 to 9. */
  readonly gzipLevel: number;
  /** In the order of their columns. */
  readonly constants: Readonly<Record<string, Constant>>;
  /** Null for all. */
  readonly maxSamples: number | null;
  readonly minSeconds: number | null;
  readonly maxSeconds: number | null;
  /** Null to fit the device. */
  readonly batchSeconds: number | null;
  /** 0 to never cut; null to fit the device. */
  readonly windowSeconds: number | null;
  readonly maxRetries: number;
  readonly stallSeconds: number;
  /** Null for inside the run directory. */
  readonly ledger: string | null;
  /** What the user should hear once of how the config was read. */
  readonly notices: readonly string[];
}

/** Checked values of one origin, and the folder that their relative paths begin in. */
export interface Layer {
  readonly values: Partial<SettingValues>;
  readonly folder: string;
}

/** Makes the paths among the values absolute. */
export function resolvePaths({ values, folder }: Layer): Partial<SettingValues> {
  const absolute = (path: string) => resolve(folder, path);
  const located = (input: string) => isAddress(input) ? input : absolute(input);
  const { input, audio_root: audioRoot, output, ledger, codec, datasets } = values;
  const { save_local: saveLocal } = values;
  return {
    ...values,
    ...(input === undefined ? {} : { input: [input].flat().map(located) }),
    ...(Array.isArray(datasets)
      ? { datasets: datasets.map((each) => ({ ...each, input: located(each.input) })) }
      : {}),
    ...(typeof saveLocal === "string" ? { save_local: absolute(saveLocal) } : {}),
    ...(audioRoot === undefined ? {} : { audio_root: [audioRoot].flat().map(absolute) }),
    ...(output === undefined ? {} : { output: absolute(output) }),
    ...(typeof ledger === "string" ? { ledger: absolute(ledger) } : {}),
    ...(codec === undefined ? {} : { codec: isFolder(codec) ? absolute(codec) : codec }),
  };
}

/** A codec is named, or lies in a folder, which is written `./my-codec`. */
function isFolder(codec: string): boolean {
  return isAbsolute(codec) || /^\.{1,2}(?:[/\\]|$)/.test(codec);
}

/** The values of settings that nobody gave; the input has none. */
export function defaultValues(): Omit<SettingValues, "input"> {
  const { input: _, ...settings } = TABLE;
  return mapDefaults(settings);
}

function mapDefaults<Table extends Record<string, { readonly default: unknown }>>(
  table: Table,
): { [Name in keyof Table]: Table[Name]["default"] } {
  const entries = Object.entries(table).map(([name, facts]) => [name, facts.default]);
  return Object.fromEntries(entries);
}

/** Gives settings their names in TypeScript. */
export function toRunConfig(values: SettingValues): Omit<RunConfig, "notices"> {
  return {
    input: [values.input].flat(),
    inputFormat: values.input_format,
    subset: values.subset,
    split: values.split,
    where: values.where,
    datasets: values.datasets,
    streaming: values.streaming,
    allowPartial: values.allow_partial,
    format: values.format,
    layout: values.layout,
    layoutBase: values.layout_base,
    removeRepeatedFrames: values.remove_repeated_frames,
    saveLocal: values.save_local,
    hfUpload: values.hf_upload,
    hfPublic: values.hf_public,
    audioRoot: [values.audio_root].flat(),
    columns: values.columns,
    delimiter: values.delimiter === "tab" ? "\t" : values.delimiter,
    header: values.header,
    quotes: values.quotes,
    audioPattern: values.audio_pattern,
    output: values.output,
    codec: values.codec,
    bandwidth: values.bandwidth,
    codebooks: values.codebooks,
    chunked: values.chunked,
    precision: values.precision,
    devices: values.devices,
    valRatio: values.val_ratio,
    splitBy: values.split_by,
    shardSize: values.shard_size,
    gzipLevel: values.gzip_level,
    constants: values.constants,
    maxSamples: values.max_samples,
    minSeconds: values.min_seconds,
    maxSeconds: values.max_seconds,
    batchSeconds: values.batch_seconds,
    windowSeconds: values.window_seconds,
    maxRetries: values.max_retries,
    stallSeconds: values.stall_seconds,
    ledger: values.ledger,
  };
}
