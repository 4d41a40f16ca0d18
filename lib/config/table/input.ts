/**
 * Settings: what is encoded.
 *
 * @module
 */
import { z } from "../../npm/zod.ts";
import { FIELD_NAMES } from "../../sources/fields.ts";
import { INPUT_FORMATS } from "../../sources/input_format.ts";
import type { SettingFacts } from "../setting.ts";
import {
  columns,
  constants,
  DATASET_EXPECTED,
  DATASET_SETTINGS,
  datasets,
  where,
} from "./dataset.ts";
import { positive, seconds, text, texts } from "./values.ts";

const NO_PATHS: string[] = [];

/** What is encoded. */
export const INPUT_SETTINGS = {
  input: {
    schema: z.union([text, texts]),
    flagKind: "list",
    valueName: "path",
    expected: "a path, or a list of paths",
    default: undefined,
    description:
      "What to encode: a folder, a manifest (JSONL, CSV, TSV, LJSpeech), Parquet, tars, what save_to_disk wrote, or hf://datasets/org/name; several follow one another",
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
  subset: {
    schema: text.nullable(),
    flagKind: "text",
    valueName: "name",
    expected: "a name, or null",
    default: null,
    description:
      "Which configuration of a Hub dataset to take; null for its default, or its only one",
    decidesData: true,
  },
  split: {
    schema: text.nullable(),
    flagKind: "text",
    valueName: "name",
    expected: "a name, or null",
    default: null,
    description:
      "Which split of a dataset that has several to take; null for train, or its only one",
    decidesData: true,
  },
  columns: {
    schema: columns.nullable(),
    flagKind: "map",
    valueName: "field=column",
    expected: "a map such as {id: 0, text: sentence}, or null",
    default: null,
    description: `Which column holds ${
      FIELD_NAMES.join(", ")
    }: its name, or its number from 0; columns that are called as a field fill in the rest`,
    decidesData: true,
    entries: {
      expectedName: `one of ${FIELD_NAMES.join(", ")}`,
      expectedValue: "the name of a column, its number from 0, or '' for none",
      names: FIELD_NAMES,
    },
  },
  where: {
    schema: where,
    flagKind: "map",
    valueName: "column=value",
    expected: "a map such as {language: de, dialect: [north, south]}",
    default: {},
    description: "Take only rows in which each of these columns has this value, or one of these",
    decidesData: true,
    entries: {
      expectedName: "the name of a column",
      expectedValue: "text, an exact number, true, false or null, or a list of these",
    },
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
  datasets: {
    schema: datasets.nullable(),
    flagKind: "yaml",
    valueName: "list",
    expected: "a list of maps such as [{input: speech, constants: {speaker: anna}}], or null",
    default: null,
    description: `Several inputs with settings of their own, in place of input: each a map of ${
      DATASET_SETTINGS.join(", ")
    }`,
    decidesData: true,
    items: {
      names: DATASET_SETTINGS,
      expectedValues: DATASET_EXPECTED,
    },
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
  streaming: {
    schema: z.boolean(),
    flagKind: "scalar",
    valueName: "true|false",
    expected: "true or false",
    default: true,
    description:
      "Bring row groups of Hub datasets as they are needed and drop them after; false to download whole files into the Hub's cache first",
    decidesData: false,
  },
  allow_partial: {
    schema: z.boolean(),
    flagKind: "scalar",
    valueName: "true|false",
    expected: "true or false",
    default: false,
    description: "Take a Hub dataset of which the Hub has converted only a part to Parquet",
    decidesData: true,
  },
} as const satisfies Record<string, SettingFacts>;
