/**
 * A row of a run with names and types.
 *
 * @module
 */
import { SpeechmillError } from "../errors.ts";
import type { Column } from "../shards/column.ts";

/** A row as it stands in its file: a value for each column. */
export type RawRow = Readonly<Record<string, unknown>>;

/** One encoded clip. */
export interface EncodedRow {
  readonly id: string;
  readonly text: string | null;
  /**
   * Codes of real audio, one array a layer, coarse to fine: integers from 0 to the codebook's
   * size, exclusive. Layer i has `ceil(numSamples / hopLengths[i])` of them; where the model's
   * facts have `chunking`, see `framesOfChunks` in `models/chunks.ts`.
   */
  readonly codes: number[][];
  /** Codes in the last layer. */
  readonly encodedLen: number;
  /** Length of the clip at `sampleRate`, in samples. */
  readonly numSamples: number;
  /** Hz; the codec's rate. */
  readonly sampleRate: number;
  /** Seconds of audio in the source. */
  readonly duration: number;
  readonly speaker: string | null;
  readonly language: string | null;
  /** Columns that are the same in every row. */
  readonly constants: Readonly<Record<string, unknown>>;
  /** The row as it stands in the file. */
  readonly raw: RawRow;
}

/** What each column of a run is. */
export interface RowLayout {
  readonly columns: readonly string[];
  /** Columns of codes, coarse to fine. */
  readonly layers: readonly string[];
  /** Columns of constants. */
  readonly constants: readonly string[];
}

/** Columns before the layers, between them and the constants. */
const BEFORE = ["id", "text"];
const BETWEEN = [
  ...["encoded_len", "num_samples", "sample_rate", "duration"],
  ...["speaker", "language"],
];

/**
 * Finds the layers and the constants among the columns of a run.
 *
 * @throws {SpeechmillError} If these are not the columns of an encode run.
 */
export function layoutOf(typed: readonly Column[]): RowLayout {
  const columns = typed.map(({ name }) => name);
  const end = columns.indexOf("encoded_len");
  const layers = columns.slice(BEFORE.length, Math.max(end, 0));
  const rest = end + BETWEEN.length;
  const expected = [...BEFORE, ...layers, ...BETWEEN];
  if (layers.length === 0 || expected.some((name, i) => columns[i] !== name)) {
    throw new SpeechmillError(
      `Cannot read the rows: the columns are ${columns.join(", ")}: these are not the columns of ` +
        "codec tokens",
    );
  }
  return { columns, layers, constants: columns.slice(rest) };
}

/** Gives a row its names. The types are taken as the manifest promises them; `verify` checks them. */
export function encodedRow(layout: RowLayout, raw: RawRow): EncodedRow {
  return {
    id: String(raw["id"]),
    text: textOrNull(raw["text"]),
    codes: layout.layers.map((layer) => codesOf(raw, layer)),
    encodedLen: Number(raw["encoded_len"]),
    numSamples: Number(raw["num_samples"]),
    sampleRate: Number(raw["sample_rate"]),
    duration: Number(raw["duration"]),
    speaker: textOrNull(raw["speaker"]),
    language: textOrNull(raw["language"]),
    constants: Object.fromEntries(layout.constants.map((name) => [name, raw[name]])),
    raw,
  };
}

function codesOf(raw: RawRow, layer: string): number[] {
  const codes = raw[layer];
  if (Array.isArray(codes)) return codes;
  throw new SpeechmillError(
    `Cannot read row '${raw["id"]}': its column '${layer}' holds no codes: ` +
      "'speechmill verify' tells what is damaged",
  );
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
