/**
 * A row of a run with names and types.
 *
 * @module
 */
import { messageOf, SpeechmillError } from "../errors.ts";
import type { Arranged } from "../layouts/layout.ts";
import { type Codes, validLength } from "../../models/codec.ts";
import type { RowLayout } from "./row_layout.ts";

/** A row as it stands in its file: a value for each column. */
export type RawRow = Readonly<Record<string, unknown>>;

/** One encoded clip. */
export interface EncodedRow {
  readonly id: string;
  readonly text: string | null;
  /**
   * Codes of real audio, one array a layer, coarse to fine, whatever layout they are stored in:
   * integers from 0 to the codebook's size, exclusive. Layer i has
   * `ceil(decodedSamples / hopLengths[i])` of them; where the model's facts have `chunking`, see
   * `framesOfChunks` in `models/chunks.ts`.
   */
  readonly codes: number[][];
  /** Codes in the last layer, those of repeated frames that the layout left out included. */
  readonly encodedLen: number;
  /** Length of the clip at `sampleRate`, in samples. */
  readonly numSamples: number;
  /** Samples that the codes stand for: `numSamples`, or fewer where repeated frames were removed. */
  readonly decodedSamples: number;
  /** Hz; the codec's rate. */
  readonly sampleRate: number;
  /** Seconds of audio in the source. */
  readonly duration: number;
  readonly speaker: string | null;
  readonly language: string | null;
  /** Columns that are the same in every row of a dataset. */
  readonly constants: Readonly<Record<string, unknown>>;
  /** The row as it stands in the file. */
  readonly raw: RawRow;
}

/**
 * Gives a row its names. The types are taken as the manifest promises them; `verify` checks them.
 *
 * @throws {SpeechmillError} If its tokens are none of the run's layout.
 */
export function encodedRow(layout: RowLayout, raw: RawRow): EncodedRow {
  const numSamples = Number(raw["num_samples"]);
  const stored = storedCodes(layout, raw);
  const decodedSamples = soundOf(layout, stored, numSamples);
  return {
    id: String(raw["id"]),
    text: textOrNull(raw["text"]),
    codes: stored.map((codes, i) => {
      const valid = validLength(layout.codec, i, decodedSamples);
      return codes.length > valid ? codes.slice(0, valid) : codes;
    }),
    encodedLen: Number(raw["encoded_len"]),
    numSamples,
    decodedSamples,
    sampleRate: Number(raw["sample_rate"]),
    duration: Number(raw["duration"]),
    speaker: textOrNull(raw["speaker"]),
    language: textOrNull(raw["language"]),
    constants: Object.fromEntries(layout.constants.map((name) => [name, raw[name]])),
    raw,
  };
}

/**
 * Every code of a row, those of the model's own padding included where the layout has whole frames.
 *
 * @throws {SpeechmillError} If its tokens are none of the run's layout.
 */
export function storedCodes({ layout, tokens }: RowLayout, raw: RawRow): Codes {
  const lists = tokens.map((column) => raw[column]);
  const absent = lists.findIndex((list) => !Array.isArray(list));
  if (absent !== -1) throw unreadable(raw, `its column '${tokens[absent]}' holds no codes`);
  try {
    return layout.restore(lists as Arranged);
  } catch (error) {
    if (error instanceof RangeError) throw unreadable(raw, messageOf(error), error);
    throw error;
  }
}

/** Samples that can be decoded from a row's codes. */
function soundOf({ layout, codec }: RowLayout, stored: Codes, numSamples: number): number {
  if (layout.isLossless) return numSamples;
  const [hop = 0] = codec.hopLengths;
  return Math.min(numSamples, (stored[0]?.length ?? 0) * hop);
}

function unreadable(raw: RawRow, why: string, cause?: unknown): SpeechmillError {
  return new SpeechmillError(
    `Cannot read row '${raw["id"]}': ${why}: 'speechmill verify' tells what is damaged`,
    { cause },
  );
}

function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
