/**
 * Numbers behind flags.
 *
 * @module
 */
import { InvalidArgumentError } from "../lib/npm/commander.ts";

/**
 * The number that a flag was given.
 *
 * @throws {InvalidArgumentError} If it is none.
 */
export function numberOf(text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && Number.isFinite(number)) return number;
  throw new InvalidArgumentError(`'${text}' is no number.`);
}
