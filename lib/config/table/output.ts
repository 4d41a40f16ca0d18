/**
 * Settings: what is written, and where it goes.
 *
 * @module
 */
import { LAYOUTS } from "../../layouts/layout.ts";
import { z } from "../../npm/zod.ts";
import { FORMAT_NAMES } from "../../shards/names.ts";
import type { SettingFacts } from "../setting.ts";
import { text } from "./values.ts";

const SPLIT_KEYS = ["id", "speaker", "text"] as const;
const REPOSITORY = /^[\w.-]+\/[\w.-]+$/;

/** What is written, and where it goes. */
export const OUTPUT_SETTINGS = {
  output: {
    schema: text,
    flagKind: "text",
    valueName: "folder",
    expected: "a path",
    default: "speechmill-out",
    description: "The run directory",
    decidesData: false,
  },
  format: {
    schema: z.enum(FORMAT_NAMES),
    flagKind: "text",
    valueName: "format",
    expected: `one of ${FORMAT_NAMES.join(", ")}`,
    default: "jsonl.gz",
    description: "What the data files are; tar is WebDataset, npy a file a sample",
    decidesData: true,
    choices: FORMAT_NAMES,
  },
  layout: {
    schema: z.enum(LAYOUTS),
    flagKind: "text",
    valueName: "layout",
    expected: `one of ${LAYOUTS.join(", ")}`,
    default: "layers",
    description:
      "How the codes of a clip are written: a list a codebook, or one of the sequences that models are trained on",
    decidesData: true,
    choices: LAYOUTS,
  },
  layout_base: {
    schema: z.int().min(0).nullable(),
    flagKind: "scalar",
    valueName: "id",
    expected: "a whole number, 0 or more, or null",
    default: null,
    description: "The first id of audio tokens in a layout that has one; null for the layout's own",
    decidesData: true,
  },
  remove_repeated_frames: {
    schema: z.boolean(),
    flagKind: "scalar",
    valueName: "true|false",
    expected: "true or false",
    default: false,
    description:
      "Leave out frames whose first code is that of the frame before, as training Orpheus does",
    decidesData: true,
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
    description: "How hard jsonl.gz is compressed: 1 is fast, 9 is small",
    decidesData: true,
  },
  save_local: {
    schema: text.nullable(),
    flagKind: "text",
    valueName: "folder",
    expected: "a path, or null",
    default: null,
    description:
      "A folder for the finished dataset that load_dataset opens: data files are linked or copied, what belongs to the run alone is left out; null for none",
    decidesData: false,
  },
  hf_upload: {
    schema: z.string().regex(REPOSITORY).nullable(),
    flagKind: "text",
    valueName: "org/name",
    expected: "a repository such as org/name, or null",
    default: null,
    description:
      "The dataset repository on the Hub that sealed files are uploaded to while the run goes on; made if it is absent, null for none",
    decidesData: false,
  },
  hf_public: {
    schema: z.boolean(),
    flagKind: "scalar",
    valueName: "true|false",
    expected: "true or false",
    default: false,
    description: "Whether a repository that hf_upload makes is public",
    decidesData: false,
  },
} as const satisfies Record<string, SettingFacts>;
