/**
 * What a user of the pipelines should hear of settings that mean something else here.
 *
 * @module
 */
import type { HfDataset, PipelineConfig } from "./schema.ts";

/**
 * One notice: what each setting became, a line each.
 *
 * @param own Settings that stand beside the pipeline's, and win.
 */
export function noticesOf(
  { base_settings: base, hf_datasets: entries }: PipelineConfig,
  own: Readonly<Record<string, unknown>>,
): string[] {
  const lines = [
    ...base.num_readers || base.load_dataset_num_proc
      ? [
        "num_readers, load_dataset_num_proc: every worker has readers of its own, as many as there are cores for it; see 'devices'",
      ]
      : [],
    ...base.qsize
      ? [
        `qsize ${base.qsize}: the queue is bounded by seconds of audio, not by clips; see 'batch_seconds'`,
      ]
      : [],
    ...base.buffer_size
      ? ["buffer_size: a file is written and synced whole, then renamed; nothing waits in a buffer"]
      : [],
    ...base.gzip_level === 0 ? ["gzip_level 0: 1 is the lowest here"] : [],
    ...base.lines_per_file
      ? [
        "lines_per_file: samples in a file ('shard_size'), the same whatever the number of workers",
      ]
      : [],
    ...Object.hasOwn(own, "val_ratio")
      ? []
      : ["all rows go into the split 'train', as there; set 'val_ratio' for a validation split"],
    ...entries.flatMap(replaced),
  ];
  if (lines.length === 0) return [];
  return [`Settings of the pipeline that are something else here:\n  ${lines.join("\n  ")}`];
}

function replaced({ name, speaker_column_name: column, add_constant: list }: HfDataset): string[] {
  const constant = list?.find(({ key }) => key === "speaker");
  if (!column || constant === undefined) return [];
  return [`add_constant speaker of '${name}' takes the place of its column '${column}', as there`];
}
