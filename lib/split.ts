/**
 * The split of a sample, from its key alone: the same on every machine, in every order, however
 * many samples the dataset has.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** What a sample is used for. */
export type Split = "train" | "validation";

const SPLIT_RANGE = 1_000_000;

/**
 * The value of a key: `int(sha1(utf8(key)), 16) mod 1 000 000`.
 *
 * @param key The id, the speaker or the text.
 * @returns A whole number, 0 to 999 999.
 *
 * @example
 * ```ts
 * import { splitValue } from "./split.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(splitValue("LJ001-0001"), 595_244);
 * ```
 */
export function splitValue(key: string): number {
  const digest = createHash("sha1").update(key, "utf8").digest("hex");
  let value = 0;
  for (let offset = 0; offset < digest.length; offset += 8) {
    // Stays under 2 ** 52: each step is exact.
    value = (value * 2 ** 32 + parseInt(digest.slice(offset, offset + 8), 16)) % SPLIT_RANGE;
  }
  return value;
}

/**
 * Which split a key belongs to. A ratio of 0 or less keeps all in `train`, one of 1 or more puts
 * all into `validation`; raising the ratio only ever moves keys from `train` to `validation`.
 *
 * @param key The id, the speaker or the text.
 * @param ratio The part of all keys that is for validation, 0 to 1.
 */
export function splitOf(key: string, ratio: number): Split {
  if (ratio <= 0) return "train";
  if (ratio >= 1) return "validation";
  // Division rounds to the double nearest to the decimal fraction, which is what users write;
  // ratio * 1_000_000 may come out just above a whole number.
  return splitValue(key) / SPLIT_RANGE < ratio ? "validation" : "train";
}
