/**
 * What may be set for each dataset of a run.
 *
 * @module
 */
import { z } from "../../npm/zod.ts";
import { FIELD_NAMES } from "../../sources/fields.ts";
import { constant, positive, seconds, text } from "./values.ts";

/** A name, a number from 0, or nothing: no column holds the field, whatever columns there are. */
const column = z.union([z.string(), z.int().min(0)]);

/** Which column holds which field. */
export const columns = z.partialRecord(z.enum(FIELD_NAMES), column);

/** Names of constants: those of other columns are taken, but speaker and language may be replaced. */
export const CONSTANT_NAME =
  /^(?!(?:index|id|text|tokens|num_layers|token_lengths|encoded_len|num_samples|sample_rate|duration)$)(?!.*_layer_\d+$)[A-Za-z][A-Za-z0-9_]*$/;

/** Columns with one value. */
export const constants = z.record(z.string().regex(CONSTANT_NAME), constant);

/** Which rows are taken. */
export const where = z.record(text, z.union([constant, z.array(constant).min(1)]));

const DATASET = {
  input: text.meta({
    description: "What to encode: a path, or hf://datasets/org/name",
  }),
  subset: text.nullable().meta({
    description: "Which configuration of a Hub dataset to take",
  }),
  split: text.nullable().meta({
    description: "Which split to take, where there are several",
  }),
  columns: columns.nullable().meta({
    description: "Which column holds which field; in place of the run's columns",
  }),
  constants: constants.meta({
    description: "Columns with one value in this dataset, beside those of the run",
  }),
  where: where.meta({
    description: "Take only rows in which each of these columns has this value, or one of these",
  }),
  "max_samples": z.int().min(1).nullable().meta({
    description: "Take only so many samples of this dataset, from the beginning",
  }),
  "min_seconds": seconds.nullable().meta({
    description: "Leave out shorter clips of this dataset",
  }),
  "max_seconds": positive.nullable().meta({
    description: "Leave out longer clips of this dataset",
  }),
} as const;

/** The names of what may be set. */
export const DATASET_SETTINGS: readonly string[] = Object.keys(DATASET);

/** What each must be, for messages. */
export const DATASET_EXPECTED: Readonly<Record<string, string>> = {
  input: "a path, or hf://datasets/org/name",
  subset: "a name, or null",
  split: "a name, or null",
  columns: `a map of ${FIELD_NAMES.join(", ")} to columns, or null`,
  constants: "a map such as {speaker: anna} whose names are not those of other columns",
  where: "a map of columns to a value, or a list of values",
  "max_samples": "a whole number, 1 or more, or null",
  "min_seconds": "a number, 0 or more, or null",
  "max_seconds": "a number over 0, or null",
};

/** Several datasets with settings of their own. */
export const datasets = z.array(
  z.strictObject(DATASET).partial().required({ input: true }),
).min(1);
