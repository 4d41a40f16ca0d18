/**
 * Seeded random numbers, the same on every machine.
 *
 * @module
 */

/** Uniform numbers in [0, 1) from a seed (mulberry32, by Tommy Ettinger, public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Uniform weights of zero mean and unit gain for sums of `fanIn` terms. */
export function seededWeights(
  random: () => number,
  length: number,
  fanIn: number,
): Float32Array<ArrayBuffer> {
  const range = Math.sqrt(3 / fanIn);
  return Float32Array.from({ length }, () => (2 * random() - 1) * range);
}
