/**
 * The `config.yaml` of the Nano Codec and SNAC pipelines, and what their forks added.
 *
 * @module
 */
import { z } from "../../npm/zod.ts";
import { constant } from "../table/values.ts";

const text = z.string().min(1);
const count = z.int().min(1);
const seconds = z.number().min(0);
const name = text.nullish();

/** A schema with what editors say of it. */
function said<Schema extends z.ZodType>(schema: Schema, description: string): Schema {
  return schema.meta({ description });
}

/** `base_settings`. The pipelines need all of them; here what is left out has a default. */
export const baseSettings = z.strictObject({
  "audio_codec": said(text, "The codec: here 'codec'"),
  "num_readers": said(count.nullish(), "Without effect: every worker has readers of its own"),
  qsize: said(count.nullish(), "Without effect: the queue is bounded by seconds of audio"),
  "OUT_DIR": said(name, "The run directory: here 'output'"),
  "gzip_level": said(z.int().min(0).max(9).nullish(), "How hard jsonl.gz is compressed"),
  "buffer_size": said(count.nullish(), "Without effect: files are written and synced whole"),
  "lines_per_file": said(count.nullish(), "Samples in one file: here 'shard_size'"),
  "load_dataset_num_proc": said(
    count.nullish(),
    "Without effect: every worker has readers of its own",
  ),
});

/** `save_settings`. */
export const saveSettings = z.strictObject({
  local: said(name, "A folder for the finished dataset: here 'save_local'"),
  "hf_upload": said(name, "The dataset repository on the Hub to upload to: here 'hf_upload'"),
});

/** One entry of `hf_datasets`. */
export const hfDataset = z.strictObject({
  name: said(text, "org/name on the Hub, or a path; a folder of that name is taken first"),
  "sub_name": said(name, "Which configuration to take: here 'subset'"),
  split: said(name, "Which split to take: train where it says none"),
  "text_column_name": said(name, "The column that holds the text"),
  "audio_column_name": said(text, "The column that holds the audio"),
  "speaker_column_name": said(name, "The column that holds the speaker"),
  "add_constant": said(
    z.array(z.strictObject({ key: text, value: constant })).nullish(),
    "Columns with one value in this dataset: here 'constants'",
  ),
  // What forks and the trainers that read these configs call the same things.
  "language_column_name": said(name, "The column that holds the language"),
  "id_column_name": said(name, "The column that holds the id"),
  "min_duration": said(seconds.nullish(), "Leave out clips of fewer seconds"),
  "min_duration_sec": said(seconds.nullish(), "Leave out clips of fewer seconds"),
  "max_duration": said(seconds.nullish(), "Leave out clips of more seconds"),
  "max_duration_sec": said(seconds.nullish(), "Leave out clips of more seconds"),
  "max_len": said(count.nullish(), "Take only so many samples"),
  "max_rows": said(count.nullish(), "Take only so many samples"),
  "categorical_filter": said(
    z.strictObject({ column_name: text, value: constant }).nullish(),
    "Take only rows in which this column has this value: here 'where'",
  ),
});

/** The whole file; settings of speechmill's own may stand beside. */
export const pipelineConfig = z.object({
  "base_settings": said(baseSettings, "Of a pipeline's config.yaml, which is read as it is"),
  "save_settings": said(saveSettings.nullish(), "Where a pipeline's config puts the dataset"),
  "hf_datasets": said(z.array(hfDataset).min(1), "The datasets of a pipeline's config"),
});

/** The whole file, checked. */
export type PipelineConfig = z.infer<typeof pipelineConfig>;

/** One entry of `hf_datasets`, checked. */
export type HfDataset = z.infer<typeof hfDataset>;

/** The names at the top of such a file. */
export const SECTIONS: readonly string[] = ["base_settings", "save_settings", "hf_datasets"];
