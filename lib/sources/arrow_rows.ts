/**
 * The rows of one Arrow file as items of a source.
 *
 * @module
 */
import { basename } from "node:path";
import { columnsOf } from "../arrow/batch.ts";
import { ArrowFile } from "../arrow/file.ts";
import { ArrowFault } from "../arrow/flatbuffer.ts";
import { type BatchMessage, readMessages } from "../arrow/messages.ts";
import type { ArrowField } from "../arrow/schema.ts";
import { type ReadValue, readValues } from "../arrow/values.ts";
import { type ArrowAudio, findAudioOf } from "./arrow_audio.ts";
import { FieldError } from "./fields.ts";
import { readRowFields } from "./row_fields.ts";
import { matchesFilters } from "./row_filter.ts";
import type { RowLocator } from "./row_locator.ts";
import type { RowMapping } from "./row_mapping.ts";
import type { SourceItem } from "./source.ts";

/** Which file to list, and how. */
export interface ArrowListing {
  readonly path: string;
  /** How places call it. */
  readonly name: string;
  readonly mapping: RowMapping;
  readonly locate: RowLocator;
  /** Begins the ids of rows without an id column. */
  readonly idPrefix: string;
  /** How many rows lie in the files before this one. */
  readonly firstRow: number;
}

/** Rows of a batch whose values are at hand. */
interface OpenBatch {
  readonly values: ReadonlyMap<string, ReadValue>;
  readonly audioOf: (row: number) => ArrowAudio;
}

/** What is wrong with buffers that are packed: a range of them holds no audio. */
export const COMPRESSED = "its buffers are compressed: save it again with save_to_disk()";

/** Rows that are located at the same time. */
const GROUP_ROWS = 512;

/**
 * Lists a file. A batch that cannot be read is one rejected item; so is the rest of the file from
 * where it is damaged or cut.
 *
 * @returns How many rows it has, as far as it can be read.
 */
export async function* listArrowFile(
  listing: ArrowListing,
): AsyncGenerator<SourceItem, number, void> {
  using file = new ArrowFile(listing.path);
  let fields: readonly ArrowField[] = [];
  let row = 0;
  try {
    for (const message of readMessages(file)) {
      if (message.kind === "schema") fields = message.schema.fields;
      if (message.kind !== "batch") continue;
      yield* listBatch(listing, { batch: message.batch, fields, file, first: row });
      row += message.batch.rows;
    }
  } catch (error) {
    if (!(error instanceof ArrowFault)) throw error;
    const place = `${listing.name} rows from ${row}`;
    yield { kind: "reject", id: null, place, detail: error.message };
  }
  return row;
}

interface BatchPlace {
  readonly batch: BatchMessage;
  readonly fields: readonly ArrowField[];
  readonly file: ArrowFile;
  /** The number of its first row in the file. */
  readonly first: number;
}

async function* listBatch(
  listing: ArrowListing,
  place: BatchPlace,
): AsyncGenerator<SourceItem, void, void> {
  const { first, batch: { rows } } = place;
  let open: OpenBatch;
  try {
    open = openBatch(listing.mapping, place);
  } catch (error) {
    if (!(error instanceof ArrowFault)) throw error;
    const range = rows === 1 ? `row ${first}` : `rows ${first} to ${first + rows - 1}`;
    yield { kind: "reject", id: null, place: `${listing.name} ${range}`, detail: error.message };
    return;
  }
  let excluded = 0;
  for (let start = 0; start < rows; start += GROUP_ROWS) {
    const items: Promise<SourceItem>[] = [];
    for (let row = start; row < Math.min(rows, start + GROUP_ROWS); row++) {
      const value = (column: string) => open.values.get(column)?.(row);
      if (matchesFilters(listing.mapping.filters, value)) {
        items.push(itemOf(listing, { number: first + row, value, find: () => open.audioOf(row) }));
      } else excluded++;
    }
    yield* await Promise.all(items);
  }
  if (excluded > 0) yield { kind: "excluded", count: excluded };
}

function openBatch(mapping: RowMapping, { batch, fields, file }: BatchPlace): OpenBatch {
  if (batch.isCompressed) throw new ArrowFault(COMPRESSED);
  const columns = columnsOf(fields, batch);
  const values = mapping.names.map((name) => {
    const column = columns.get(name);
    if (column === undefined) throw new ArrowFault(`a batch has no column '${name}'`);
    return [name, readValues(column, file)] as const;
  });
  return { values: new Map(values), audioOf: findAudioOf(mapping.audio, columns, file) };
}

interface FoundRow {
  /** Of the file. */
  readonly number: number;
  readonly value: (column: string) => unknown;
  readonly find: () => ArrowAudio;
}

async function itemOf(
  { path, name, mapping, locate, idPrefix, firstRow }: ArrowListing,
  { number, value, find }: FoundRow,
): Promise<SourceItem> {
  const place = `${name} row ${number}`;
  const id = `${idPrefix}/${firstRow + number}`;
  try {
    const found = find();
    const audio = found.kind === "range" ? { kind: "cell" } as const : found;
    const fields = readRowFields(mapping, { id, value, audio });
    if (found.kind !== "range") {
      return { kind: "sample", sample: { ...fields, audio: await locate(fields), place } };
    }
    const own = typeof found.path === "string" && found.path !== "" ? basename(found.path) : null;
    const part = { kind: "range", ...found.range, name: own } as const;
    return { kind: "sample", sample: { ...fields, audio: path, part, place } };
  } catch (error) {
    if (error instanceof ArrowFault) return { kind: "reject", id, place, detail: error.message };
    if (!(error instanceof FieldError)) throw error;
    return { kind: "reject", id: error.id, place, detail: error.message };
  }
}
