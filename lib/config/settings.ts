/**
 * Every setting of a run, described once: the YAML schema, the flags, the documentation and the
 * digest of a run are made from this table.
 *
 * @module
 */

import { z } from "../npm/zod.ts";
import { FIELD_NAMES } from "../sources/fields.ts";
import { INPUT_FORMATS } from "../sources/open.ts";
import type { SettingFacts } from "./setting.ts";

const text = z.string().min(1);
const texts = z.array(text).min(1);
const seconds = z.number().min(0);
const positive = z.number().gt(0);

const column = z.union([text, z.int().min(0)]);
const columns = z.partialRecord(z.enum(FIELD_NAMES), column);

/** A number is exact, or it is refused. */
const constant = z.union([
  z.string(),
  z.number().refine((value) => !Number.isInteger(value) || Number.isSafeInteger(value)),
  z.boolean(),
  z.null(),
]);
const CONSTANT_NAME =
  /^(?!(?:id|text|encoded_len|num_samples|sample_rate|duration|speaker|language)$)(?!.*_layer_\d+$)[A-Za-z][A-Za-z0-9_]*$/;
const constants = z.record(z.string().regex(CONSTANT_NAME), constant);

/** What `chooseDevices` reads, whatever the machine has. */
const DEVICES =
  /^(?:auto| *(?:cpu(?::\d+)?|webgpu|cuda(?::[\w-]+)?) *(?:, *(?:cpu(?::\d+)?|webgpu|cuda(?::[\w-]+)?) *)*)$/;

const NO_PATHS: string[] = [];
const PRECISIONS = ["float32", "float16"] as const;
const SPLIT_KEYS = ["id", "speaker", "text"] as const;

/** The settings by their names, in the order of the documentation. */
export const TABLE = {
  input: {
    schema: z.union([text, texts]),
    flagKind: "list",
    valueName: "path",
    expected: "a path, or a list of paths",
    default: undefined,
    description:
      "What to encode: a folder, a JSONL manifest, a table (CSV, TSV, |), LJSpeech's metadata.csv, or several of them, one after the other",
    decidesData: true,
  },
  input_format: {
    schema: z.enum(INPUT_FORMATS),
    flagKind: "text",
    valueName: "format",
    expected: `one of ${INPUT_FORMATS.join(", ")}`,
    default: "auto",
    description: "What the input is",
    decidesData: true,
    choices: INPUT_FORMATS,
  },
  audio_root: {
    schema: z.union([text, z.array(text)]),
    flagKind: "list",
    valueName: "folder",
    expected: "a path, or a list of paths",
    default: NO_PATHS,
    description: "Where relative audio paths are looked for after the manifest's own folder",
    decidesData: true,
  },
  columns: {
    schema: columns.nullable(),
    flagKind: "map",
    valueName: "field=column",
    expected: "a map such as {id: 0, text: sentence}, or null",
    default: null,
    description: `Which column of a table holds ${
      FIELD_NAMES.join(", ")
    }: its name in the header, or its number from 0; a header's own names fill in the rest`,
    decidesData: true,
    entries: {
      expectedName: `one of ${FIELD_NAMES.join(", ")}`,
      expectedValue: "the name of a column, or its number from 0",
      names: FIELD_NAMES,
    },
  },
  delimiter: {
    schema: z.string().regex(/^(?:[^"\r\n]|tab)$/u).nullable(),
    flagKind: "text",
    valueName: "character",
    expected: "one character, the word tab, or null",
    default: null,
    description: "What separates the cells of a table; null to tell by its first line",
    decidesData: true,
  },
  header: {
    schema: z.boolean().nullable(),
    flagKind: "scalar",
    valueName: "true|false",
    expected: "true, false or null",
    default: null,
    description: "Whether the first row of a table names its columns; null to tell by itself",
    decidesData: true,
  },
  quotes: {
    schema: z.boolean().nullable(),
    flagKind: "scalar",
    valueName: "true|false",
    expected: "true, false or null",
    default: null,
    description:
      "Whether double quotes enclose cells of a table (RFC 4180) or are text; null for yes with commas and semicolons, no with tabs and |",
    decidesData: true,
  },
  audio_pattern: {
    schema: z.string().regex(/^(?=.*\{id\})(?:[^{}]|\{id\}|\{speaker\})+$/u).nullable(),
    flagKind: "text",
    valueName: "pattern",
    expected: "a path with {id} and perhaps {speaker} in it, such as wavs/{id}.wav, or null",
    default: null,
    description:
      "Where the audio lies if a table has no column for it; without an extension any known one will do; null for wavs/{id}, then {id}",
    decidesData: true,
  },
  output: {
    schema: text,
    flagKind: "text",
    valueName: "folder",
    expected: "a path",
    default: "speechmill-out",
    description: "The run directory",
    decidesData: false,
  },
  codec: {
    schema: text,
    flagKind: "text",
    valueName: "name",
    expected:
      "the name of a codec such as hubertsiuzdak/snac_24khz, or a folder such as ./my-codec",
    default: "bundled",
    description:
      "What makes tokens of audio: bundled, a repository on the Hugging Face Hub, or a folder",
    decidesData: true,
  },
  bandwidth: {
    schema: positive.nullable(),
    flagKind: "scalar",
    valueName: "kbps",
    expected: "a number over 0, or null",
    default: null,
    description: "EnCodec: kilobits a second, 1.5, 3, 6, 12 or 24; null for the codec's default",
    decidesData: true,
  },
  codebooks: {
    schema: z.int().min(1).nullable(),
    flagKind: "scalar",
    valueName: "count",
    expected: "a whole number, 1 or more, or null",
    default: null,
    description:
      "Use the first so many codebooks of a codec whose later ones refine the earlier; null for the codec's default",
    decidesData: true,
  },
  chunked: {
    schema: z.boolean(),
    flagKind: "scalar",
    valueName: "true|false",
    expected: "true or false",
    default: false,
    description: "DAC: encode as its command line does, loudness-normalised and in chunks",
    decidesData: true,
  },
  precision: {
    schema: z.enum(PRECISIONS),
    flagKind: "text",
    valueName: "type",
    expected: `one of ${PRECISIONS.join(", ")}`,
    default: "float32",
    description:
      "What a converted codec computes with; float16 is for GPUs, and some tokens differ from the reference",
    decidesData: true,
    choices: PRECISIONS,
  },
  devices: {
    schema: z.string().regex(DEVICES),
    flagKind: "text",
    valueName: "devices",
    expected: "auto, cpu, cpu:4, cuda:0,cuda:1 or webgpu",
    default: "auto",
    description: "What runs the model, one worker each: auto, cpu, cpu:4, cuda:0,cuda:1 or webgpu",
    decidesData: false,
  },
  val_ratio: {
    schema: z.number().min(0).max(1),
    flagKind: "scalar",
    valueName: "ratio",
    expected: "a number from 0 to 1",
    default: 0.01,
    description: "The part of the samples that goes into the validation split",
    decidesData: true,
  },
  split_by: {
    schema: z.enum(SPLIT_KEYS),
    flagKind: "text",
    valueName: "field",
    expected: `one of ${SPLIT_KEYS.join(", ")}`,
    default: "id",
    description: "What the split is made by: samples that share it are never divided",
    decidesData: true,
    choices: SPLIT_KEYS,
  },
  shard_size: {
    schema: z.int().min(1),
    flagKind: "scalar",
    valueName: "samples",
    expected: "a whole number, 1 or more",
    default: 10_000,
    description: "Samples in one file of the output",
    decidesData: true,
  },
  gzip_level: {
    schema: z.int().min(1).max(9),
    flagKind: "scalar",
    valueName: "level",
    expected: "a whole number from 1 to 9",
    default: 6,
    description: "How hard the output is compressed: 1 is fast, 9 is small",
    decidesData: true,
  },
  constants: {
    schema: constants,
    flagKind: "map",
    valueName: "name=value",
    expected: "a map such as {dataset: ljspeech}",
    default: {},
    description: "Columns that hold the same value in every row",
    decidesData: true,
    entries: {
      expectedName: "letters, digits and _, a letter first, and no other column's name",
      expectedValue: "text, an exact number, true, false or null",
    },
  },
  max_samples: {
    schema: z.int().min(1).nullable(),
    flagKind: "scalar",
    valueName: "count",
    expected: "a whole number, 1 or more, or null",
    default: null,
    description: "Take only so many samples, from the beginning; null for all",
    decidesData: true,
  },
  min_seconds: {
    schema: seconds.nullable(),
    flagKind: "scalar",
    valueName: "seconds",
    expected: "a number, 0 or more, or null",
    default: null,
    description: "Leave out shorter clips; null for none",
    decidesData: true,
  },
  max_seconds: {
    schema: positive.nullable(),
    flagKind: "scalar",
    valueName: "seconds",
    expected: "a number over 0, or null",
    default: null,
    description: "Leave out longer clips; null for none",
    decidesData: true,
  },
  batch_seconds: {
    schema: positive.nullable(),
    flagKind: "scalar",
    valueName: "seconds",
    expected: "a number over 0, or null",
    default: null,
    description: "Seconds of audio that go through the model together; null to fit the device",
    decidesData: false,
  },
  window_seconds: {
    schema: seconds.nullable(),
    flagKind: "scalar",
    valueName: "seconds",
    expected: "a number, 0 or more, or null",
    default: null,
    description:
      "Clips longer than this are encoded in overlapping windows, with the same tokens; 0 to never cut, null to fit the device",
    decidesData: false,
  },
  max_retries: {
    schema: z.int().min(0),
    flagKind: "scalar",
    valueName: "count",
    expected: "a whole number, 0 or more",
    default: 2,
    description: "How often a sample is tried again before it is quarantined",
    decidesData: false,
  },
  stall_seconds: {
    schema: positive,
    flagKind: "scalar",
    valueName: "seconds",
    expected: "a number over 0",
    default: 120,
    description: "A worker that is silent for so long is ended and its samples handed out again",
    decidesData: false,
  },
  ledger: {
    schema: text.nullable(),
    flagKind: "text",
    valueName: "file",
    expected: "a path, or null",
    default: null,
    description:
      "Where the ledger lies: a path on a local disk if the run directory is on a network file system; null for inside the run directory",
    decidesData: false,
  },
} as const satisfies Record<string, SettingFacts>;

/** A setting's name in YAML. */
export type SettingName = keyof typeof TABLE;

/** The checked values of settings, by their names in YAML. */
export type SettingValues = {
  readonly [Name in SettingName]: z.output<typeof TABLE[Name]["schema"]>;
};

/** One setting with its names. */
export interface Setting extends SettingFacts {
  /** In YAML: `val_ratio`. */
  readonly name: SettingName;
  /** On the command line: `--val-ratio`. */
  readonly flag: string;
}

/** Every setting, in the order of the documentation. */
export const SETTINGS: readonly Setting[] = Object.entries(TABLE).map(([name, facts]) => ({
  ...facts,
  name: name as SettingName,
  flag: `--${name.replaceAll("_", "-")}`,
}));
