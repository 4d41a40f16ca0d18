/**
 * A share of something: how it is written, and which items belong to it.
 *
 * @module
 */
import { UsageError } from "./errors.ts";
import { splitValue } from "./split.ts";

/** As `splitValue` gives them. */
const VALUES = 1_000_000;

/**
 * Reads a share as users write it: `5%` or `0.05`.
 *
 * @param text A percentage above 0 % and up to 100 %, or a number above 0 and up to 1.
 * @param name What is being read, for the message: `--subset`.
 * @returns A number above 0, at most 1.
 * @throws {UsageError} If it is neither.
 */
export function parseShare(text: string, name: string): number {
  const match = /^\s*(\d+(?:\.\d*)?|\.\d+)\s*(%?)\s*$/.exec(text);
  const share = match === null ? NaN : Number(match[1]) / (match[2] === "%" ? 100 : 1);
  return checkShare(share, name, text);
}

/**
 * Checks a share that was given as a number.
 *
 * @param written How the user wrote it. @default the number
 * @throws {UsageError} If it is not above 0 and at most 1.
 */
export function checkShare(share: number, name: string, written = String(share)): number {
  if (share > 0 && share <= 1) return share;
  throw new UsageError(
    `Cannot use ${name} '${written}': it is no share: write '5%' or '0.05', above 0 and up to 100%`,
  );
}

/**
 * Whether an item belongs to a share. It depends on the name alone, so the same items are
 * chosen each time, on each machine, and a larger share holds all of a smaller one.
 *
 * @param name What tells the item apart, such as an id or a path.
 * @param share 0 to 1.
 */
export function inShare(name: string, share: number): boolean {
  // Not the bare name: the split is decided by its value, and the share must take from both.
  return splitValue(`share of ${name}`) < share * VALUES;
}
