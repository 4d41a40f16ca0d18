/**
 * An entry of `hf_datasets` as an entry of `datasets`.
 *
 * @module
 */
import { isRepositoryId } from "../../hub/repository_id.ts";
import type { Constant } from "../../sources/dataset.ts";
import { hubAddress } from "../../sources/address.ts";
import type { HfDataset } from "./schema.ts";

/** Names of an entry of `datasets`, and those of `hf_datasets` that they come from. */
export const DATASET_ORIGINS: Readonly<Record<string, string>> = {
  input: "name",
  subset: "sub_name",
  split: "split",
  columns: "audio_column_name",
  constants: "add_constant",
  where: "categorical_filter",
  "max_samples": "max_len",
  "min_seconds": "min_duration",
  "max_seconds": "max_duration",
};

/**
 * Translates an entry.
 *
 * @param exists Whether there is a file or folder: `datasets` takes that before the Hub's.
 */
export function datasetOf(entry: HfDataset, exists: (path: string) => boolean) {
  const isOnHub = !exists(entry.name) && isRepositoryId(entry.name);
  const constants = constantsOf(entry);
  return {
    input: isOnHub ? hubAddress(entry.name) : entry.name,
    subset: entry.sub_name ?? null,
    split: entry.split ?? "train",
    columns: columnsOf(entry, constants),
    constants,
    ...(entry.categorical_filter
      ? { where: { [entry.categorical_filter.column_name]: entry.categorical_filter.value } }
      : {}),
    "max_samples": entry.max_len ?? entry.max_rows ?? null,
    "min_seconds": entry.min_duration ?? entry.min_duration_sec ?? null,
    "max_seconds": entry.max_duration ?? entry.max_duration_sec ?? null,
  };
}

/**
 * The pipelines read the columns that are named and no other: an `id` may occur in two subsets, a
 * `start` may be that of the uncut recording. Constants are merged last, so that one takes the place
 * of a column.
 */
function columnsOf(entry: HfDataset, constants: Record<string, Constant>) {
  const columns = {
    id: entry.id_column_name,
    text: entry.text_column_name,
    audio: entry.audio_column_name,
    speaker: entry.speaker_column_name,
    language: entry.language_column_name,
    ...{ duration: null, start: null, end: null },
  };
  return Object.fromEntries(
    Object.entries(columns).map(([field, column]) => [
      field,
      field in constants ? "" : column ?? "",
    ]),
  );
}

function constantsOf({ add_constant: list }: HfDataset): Record<string, Constant> {
  return Object.fromEntries((list ?? []).map(({ key, value }) => [key, value]));
}
