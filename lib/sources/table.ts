/**
 * Tables: CSV, TSV, cells between `|` or another delimiter, LJSpeech's `metadata.csv`.
 *
 * @module
 */

import { basename, dirname } from "node:path";
import { UsageError } from "../errors.ts";
import { besideLocator, fillPattern, isOpenPattern, USUAL_PATTERNS } from "./audio_pattern.ts";
import { readChunks } from "./bytes.ts";
import { type ColumnLayout, type Columns, layoutColumns } from "./columns.ts";
import { type DelimitedFormat, type DelimitedRecord, readRecords } from "./delimited.ts";
import { guessDelimiter, guessQuotes } from "./delimiter.ts";
import { FieldError } from "./fields.ts";
import { fingerprintFile } from "./fingerprint.ts";
import { readLines } from "./lines.ts";
import { checkLjspeech, LJSPEECH_DELIMITER, LJSPEECH_LAYOUT } from "./ljspeech.ts";
import { type AudioLocator, pathLocator } from "./locate.ts";
import { itemsOf, type ManifestEntry } from "./manifest.ts";
import { readHead } from "./sniff.ts";
import type { Source } from "./source.ts";
import { didYouMean } from "../nearest.ts";
import { parseRow } from "./table_row.ts";
import { isTextTaken, type Where } from "./where.ts";

/** Which table to list, and how to read it. */
export interface TableOptions {
  /** Absolute path; gzip is recognised by its content. */
  readonly path: string;
  /** How places call it. @default {its file name} */
  readonly label?: string;
  /** Read it as LJSpeech's metadata: the settings of columns below do not apply. @default {false} */
  readonly isLjspeech?: boolean;
  /** Columns by name or number, from 0. @default {the names in the header} */
  readonly columns?: Columns | null;
  /** What separates cells; null to guess. @default {null} */
  readonly delimiter?: string | null;
  /** Whether the first record is a header; null to guess. @default {null} */
  readonly header?: boolean | null;
  /** Whether double quotes enclose cells; null: with commas and semicolons. @default {null} */
  readonly quotes?: boolean | null;
  /** Where the audio lies of a table without a column for it: `wavs/{id}.flac`. @default {null} */
  readonly audioPattern?: string | null;
  /** Folders where relative audio paths are tried after the table's own. @default {[]} */
  readonly audioRoot?: readonly string[];
  /** Column filters by names in the header. @default {{}} */
  readonly where?: Where;
}

/**
 * Opens a table: decides its delimiter and columns by its first record. The rest is streamed.
 *
 * @throws {UsageError} If it cannot be read, or has not the columns that were asked for.
 */
export async function openTable(options: TableOptions): Promise<Source> {
  const { path, label = basename(path) } = options;
  const format = await formatOf(options);
  const first = await firstCells(path, format);
  const layout = layoutOf(options, first);
  const isWanted = filterOf(options, layout, first);
  checkAudioPattern(options, layout);
  return {
    description: `table ${path}`,
    list: () =>
      itemsOf(
        readEntries(path, format, layout, isWanted),
        label,
        locatorOf(options, layout),
      ),
    fingerprint: async () => [await fingerprintFile(path)],
  };
}

async function formatOf(options: TableOptions): Promise<DelimitedFormat> {
  if (options.isLjspeech) {
    return { delimiter: LJSPEECH_DELIMITER, quotes: false };
  }
  const { firstLine, extension } = await readHead(options.path);
  const delimiter = options.delimiter ?? guessDelimiter(firstLine, extension);
  return { delimiter, quotes: options.quotes ?? guessQuotes(delimiter) };
}

function layoutOf(
  options: TableOptions,
  first: readonly string[],
): ColumnLayout {
  const { path, columns, header = null } = options;
  if (options.isLjspeech) {
    checkLjspeech(path, first);
    return LJSPEECH_LAYOUT;
  }
  return layoutColumns({ path, first, columns: columns ?? {}, header });
}

/** Whether a row is taken. */
type RowFilter = (cells: readonly string[]) => boolean;

function filterOf(
  { path, where = {} }: TableOptions,
  layout: ColumnLayout,
  first: readonly string[],
): RowFilter {
  const names = layout.hasHeader ? first.map((name) => name.trim()) : [];
  for (const name of Object.keys(where)) {
    if (names.includes(name)) continue;
    const state = layout.hasHeader
      ? `it has ${names.map((each) => `'${each}'`).join(", ")}${didYouMean(name, names)}`
      : "it has no header that names columns";
    throw new UsageError(`Cannot filter table '${path}' by '${name}': ${state}`);
  }
  return (cells) => isTextTaken(where, (column) => cells[names.indexOf(column)] || null);
}

async function firstCells(
  path: string,
  format: DelimitedFormat,
): Promise<readonly string[]> {
  for await (const records of readRecords(linesOf(path), format)) {
    const first = records[0];
    if (first?.kind === "record") return first.cells;
    if (first !== undefined) {
      throw new UsageError(
        `Cannot read table '${path}': line ${first.line} is broken: ${first.problem}`,
      );
    }
  }
  throw new UsageError(`Cannot list '${path}': it has no lines`);
}

/** Two answers to the question where the audio lies are one too many. */
function checkAudioPattern(
  { path, audioPattern = null }: TableOptions,
  layout: ColumnLayout,
): void {
  if (audioPattern === null || !layout.columns.has("audio")) return;
  throw new UsageError(
    `Cannot read table '${path}': it has a column for the audio, and audio_pattern is set as well: leave one out`,
  );
}

function linesOf(path: string) {
  return readLines(readChunks(path));
}

function locatorOf(options: TableOptions, layout: ColumnLayout): AudioLocator {
  const { path, audioRoot = [], audioPattern: pattern = null } = options;
  const folder = dirname(path);
  if (layout.columns.has("audio")) {
    return pathLocator({ folder, audioRoot }, (sample) => sample.audio);
  }
  if (pattern !== null && !isOpenPattern(pattern)) {
    const pathOf = fillPattern.bind(null, pattern);
    return pathLocator({ folder, audioRoot }, pathOf);
  }
  return besideLocator({
    folders: [folder, ...audioRoot],
    patterns: pattern === null ? USUAL_PATTERNS : [pattern],
    textMayStandAlone: pattern === null && options.isLjspeech !== true,
  });
}

async function* readEntries(
  path: string,
  format: DelimitedFormat,
  layout: ColumnLayout,
  isWanted: RowFilter,
): AsyncGenerator<readonly ManifestEntry[], void, void> {
  let skip = layout.hasHeader ? 1 : 0;
  for await (const records of readRecords(linesOf(path), format)) {
    yield records.slice(skip).map((record) => entryOf(record, layout, isWanted));
    skip = Math.max(0, skip - records.length);
  }
}

function entryOf(
  record: DelimitedRecord,
  layout: ColumnLayout,
  isWanted: RowFilter,
): ManifestEntry {
  const { line } = record;
  if (record.kind === "broken") {
    return { kind: "reject", line, id: null, detail: record.problem };
  }
  if (!isWanted(record.cells)) return { kind: "excluded" };
  try {
    return { kind: "fields", line, fields: parseRow(record.cells, layout) };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    const { id, message } = error;
    return { kind: "reject", line, id, detail: message };
  }
}
