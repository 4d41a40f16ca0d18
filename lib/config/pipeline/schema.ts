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

/** `base_settings`. The pipelines need all of them; here what is left out has a default. */
export const baseSettings = z.strictObject({
  "audio_codec": text,
  "num_readers": count.nullish(),
  qsize: count.nullish(),
  "OUT_DIR": name,
  "gzip_level": z.int().min(0).max(9).nullish(),
  "buffer_size": count.nullish(),
  "lines_per_file": count.nullish(),
  "load_dataset_num_proc": count.nullish(),
});

/** `save_settings`. */
export const saveSettings = z.strictObject({ local: name, hf_upload: name });

/** One entry of `hf_datasets`. */
export const hfDataset = z.strictObject({
  name: text,
  "sub_name": name,
  split: name,
  "text_column_name": name,
  "audio_column_name": text,
  "speaker_column_name": name,
  "add_constant": z.array(z.strictObject({ key: text, value: constant })).nullish(),
  // What forks and the trainers that read these configs call the same things.
  "language_column_name": name,
  "id_column_name": name,
  "min_duration": seconds.nullish(),
  "min_duration_sec": seconds.nullish(),
  "max_duration": seconds.nullish(),
  "max_duration_sec": seconds.nullish(),
  "max_len": count.nullish(),
  "max_rows": count.nullish(),
  "categorical_filter": z.strictObject({ column_name: text, value: constant }).nullish(),
});

/** The whole file; settings of speechmill's own may stand beside. */
export const pipelineConfig = z.object({
  "base_settings": baseSettings,
  "save_settings": saveSettings.nullish(),
  "hf_datasets": z.array(hfDataset).min(1),
});

/** The whole file, checked. */
export type PipelineConfig = z.infer<typeof pipelineConfig>;

/** One entry of `hf_datasets`, checked. */
export type HfDataset = z.infer<typeof hfDataset>;

/** The names at the top of such a file. */
export const SECTIONS: readonly string[] = ["base_settings", "save_settings", "hf_datasets"];
