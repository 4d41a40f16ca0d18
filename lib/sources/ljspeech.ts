/**
 * LJSpeech's `metadata.csv`: `id|text|normalised text`, no header, quotes are text, the audio in
 * `wavs/` or beside it.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import type { ColumnLayout } from "./columns.ts";
import { guessDelimiter, looksLikeHeader } from "./delimiter.ts";

/** What stands between the cells. */
export const LJSPEECH_DELIMITER = "|";

const WIDTHS: readonly number[] = [2, 3];

/** The text is the normalised one where there is one, the raw one otherwise. */
export const LJSPEECH_LAYOUT: ColumnLayout = {
  hasHeader: false,
  widths: WIDTHS,
  columns: new Map([["id", [0]], ["text", [2, 1]]]),
};

/** Whether a first line looks like LJSpeech's: two or three cells, none of them called `id`. */
export function looksLikeLjspeech(
  firstLine: string,
  extension: string,
): boolean {
  if (guessDelimiter(firstLine, extension) !== LJSPEECH_DELIMITER) return false;
  const cells = firstLine.split(LJSPEECH_DELIMITER);
  return WIDTHS.includes(cells.length) && !looksLikeHeader(cells);
}

/**
 * Checks the first record of a file that is said to be LJSpeech's.
 *
 * @throws {UsageError} If it has not two or three cells.
 */
export function checkLjspeech(path: string, first: readonly string[]): void {
  if (WIDTHS.includes(first.length)) return;
  throw new UsageError(
    `Cannot read '${path}' as LJSpeech's metadata: its first line has ${first.length} fields between '|': expected 2 or 3`,
  );
}
