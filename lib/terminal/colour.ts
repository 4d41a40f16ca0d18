/**
 * The few colours that are used, and only where they are wanted.
 *
 * @module
 */
import type { Output } from "./output.ts";

const CODES = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const;

/** Colours a text, unless its reader wants none. */
export function colour(
  output: Pick<Output, "hasColour">,
  name: keyof typeof CODES,
  text: string,
): string {
  return output.hasColour ? `\x1b[${CODES[name]}m${text}\x1b[0m` : text;
}
