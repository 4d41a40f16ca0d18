/**
 * What is wrong with a file, in words for people.
 *
 * @module
 */

/**
 * What was damaged, and how it was seen: `its footer is damaged: it counts 3 rows`. What the
 * runtime says where a reader stumbles (a view out of bounds, a value that is not there) tells
 * people nothing.
 */
export function describeDamage(what: string, error: unknown): string {
  const isStumble = !(error instanceof Error) || error instanceof TypeError ||
    error instanceof RangeError;
  return isStumble ? `${what} damaged` : `${what} damaged: ${error.message}`;
}
