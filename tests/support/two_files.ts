/** A dataset of two files on the Hub of the tests, and its audio as a worker reads it. */
import assert from "node:assert/strict";
import { ParquetCells } from "../../lib/parquet/cells.ts";
import type { HubDatasetSource } from "../../lib/sources/hub_dataset.ts";
import type { SourceSample } from "../../lib/sources/source.ts";
import { speechFile } from "./dataset_session.ts";

/** Never aborted. */
export const SIGNAL = new AbortController().signal;

/** Rows of each file. */
export const ROWS = 30;
/** One file of speech. */
export const SPEECH = speechFile(ROWS);
/** Two. */
export const TWO = {
  "data/train-00000-of-00002.parquet": SPEECH,
  "data/train-00001-of-00002.parquet": speechFile(ROWS, ROWS),
};

/** The audio of a sample, as a worker reads it. */
export async function bring(source: HubDatasetSource, sample: SourceSample | undefined) {
  const { audio, part } = sample ?? {};
  assert.ok(audio && part?.kind === "parquet");
  if (sample?.isDeferred) await source.blocks?.bring(audio, SIGNAL, 0);
  return new ParquetCells().read(audio, part).bytes;
}
