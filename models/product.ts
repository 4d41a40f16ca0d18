/**
 * Products: samples a frame, values of a tensor, entries of a codebook.
 *
 * @module
 */

/** The product of numbers; 1 of none. */
export function product(factors: readonly number[]): number {
  return factors.reduce((result, factor) => result * factor, 1);
}
