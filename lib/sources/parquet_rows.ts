/**
 * The rows of one row group as items of a source.
 *
 * @module
 */

import type { ParquetFile, ParquetRowGroup } from "../parquet/open.ts";
import { readColumns, type RowGroupValues } from "../parquet/read_columns.ts";
import { RowGroupError } from "../parquet/row_group_error.ts";
import type { RowOptions } from "./dataset.ts";
import { FieldError } from "./fields.ts";
import { type AudioOf, lookUpAudio } from "./parquet_audio.ts";
import type { ParquetInput } from "./parquet_input.ts";
import { readRowFields, type RowRecord } from "./row_fields.ts";
import { matchesFilters } from "./row_filter.ts";
import { type RowLocator, rowLocator } from "./row_locator.ts";
import type { RowMapping } from "./row_mapping.ts";
import type { SourceItem, SourceSample } from "./source.ts";

/** Which rows to list. */
export interface RowGroupListing {
  readonly input: ParquetInput;
  readonly file: ParquetFile;
  readonly group: ParquetRowGroup;
  readonly mapping: RowMapping;
  readonly rows: RowOptions;
  /** How many rows lie in the files before this one. */
  readonly firstRow: number;
}

/** Rows that are located at the same time. */
const BATCH_ROWS = 512;

/** Lists a row group: one rejected item for all of its rows where its pages are damaged. */
export async function* listRowGroup(
  listing: RowGroupListing,
): AsyncGenerator<SourceItem, void, void> {
  const { file, group, mapping } = listing;
  const audio = lookUpAudio(mapping.audio, file, group);
  const paths = [...mapping.names.map((name) => [name]), ...audio.paths];
  let values: RowGroupValues;
  let audioOf: AudioOf;
  try {
    values = await readColumns(file, group, paths);
    audioOf = await audio.open(values);
  } catch (error) {
    if (!(error instanceof RowGroupError)) throw error;
    yield { kind: "reject", id: null, place: placeOf(file.name, group), detail: error.message };
    return;
  }
  yield* listValues(listing, values, audioOf);
}

function placeOf(name: string, { firstRow, rows }: ParquetRowGroup): string {
  return rows === 1
    ? `${name} row ${firstRow}`
    : `${name} rows ${firstRow} to ${firstRow + rows - 1}`;
}

async function* listValues(
  listing: RowGroupListing,
  values: RowGroupValues,
  audioOf: AudioOf,
): AsyncGenerator<SourceItem, void, void> {
  const { mapping, group, input, rows } = listing;
  const locate = rowLocator(input.folder, rows.audioRoot);
  let excluded = 0;
  let batch: Promise<SourceItem>[] = [];
  for (let row = 0; row < group.rows; row++) {
    const value = (column: string) => values.at(column, row);
    if (!matchesFilters(mapping.filters, value)) {
      excluded += 1;
      continue;
    }
    batch.push(itemOf(listing, row, { value, audio: audioOf(row), locate }));
    if (batch.length < BATCH_ROWS) continue;
    yield* await Promise.all(batch);
    batch = [];
  }
  yield* await Promise.all(batch);
  if (excluded > 0) yield { kind: "excluded", count: excluded };
}

interface FoundRow extends Omit<RowRecord, "id"> {
  readonly locate: RowLocator;
}

async function itemOf(
  listing: RowGroupListing,
  rowOfGroup: number,
  { locate, ...found }: FoundRow,
): Promise<SourceItem> {
  const { file, group, mapping, rows, firstRow } = listing;
  const row = group.firstRow + rowOfGroup;
  const place = `${file.name} row ${row}`;
  try {
    const id = `${rows.idPrefix}/${firstRow + row}`;
    const fields = readRowFields(mapping, { ...found, id });
    const cell = found.audio.kind === "cell" ? cellOf(listing, row) : null;
    const audio = cell === null ? { audio: await locate(fields) } : cell;
    return { kind: "sample", sample: { ...fields, ...audio, place } };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    return { kind: "reject", id: error.id, place, detail: error.message };
  }
}

type CellPlace = Required<Pick<SourceSample, "audio" | "part" | "isDeferred">>;

function cellOf({ input, group, mapping }: RowGroupListing, row: number): CellPlace {
  return {
    audio: input.audioPath(group.index),
    part: { kind: "parquet", row, column: mapping.audio?.name ?? "" },
    isDeferred: input.isDeferred,
  };
}
