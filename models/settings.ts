/**
 * Checks of what a user chose of a codec, the same in every family.
 *
 * @module
 */
import { UsageError } from "../lib/errors.ts";
import type { CodecSettings } from "./checkpoint_family.ts";

/** What only some families have; precision is for all. */
const OWN = ["bandwidth", "codebooks", "chunked", "noiseSeed"] as const;

/** The settings that were chosen and are not among those that a family has. */
export function otherSettings(
  settings: CodecSettings,
  known: readonly (typeof OWN[number])[],
): string[] {
  return OWN.filter((name) =>
    !known.includes(name) && settings[name] !== undefined && settings[name] !== false
  );
}

/**
 * Checks a number of codebooks.
 *
 * @param id For messages.
 * @throws {UsageError} If it is no whole number from 1 to `most`.
 */
export function checkCodebooks(id: string, codebooks: number, most: number): void {
  if (Number.isInteger(codebooks) && 1 <= codebooks && codebooks <= most) return;
  throw new UsageError(`Cannot convert '${id}' with ${codebooks} codebooks: it has 1 to ${most}`);
}
