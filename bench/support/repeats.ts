/**
 * Measurements side by side on a machine that has other work.
 *
 * @module
 */

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/**
 * The median of what one thing was to another in each turn. Turns are next to each other in time,
 * so a slow minute of the machine falls out of the ratio.
 */
export function medianRatio(values: readonly number[], bases: readonly number[]): number {
  return median(values.map((value, turn) => value / (bases[turn] ?? NaN)));
}

/**
 * Measures things in turns, A B C A B C, so that a slow minute of the machine slows all of them.
 *
 * @returns For each, one value a turn.
 */
export async function inTurns(
  turns: number,
  measurements: readonly (() => Promise<number>)[],
): Promise<number[][]> {
  const values = measurements.map((): number[] => []);
  for (let turn = 0; turn < turns; turn++) {
    for (const [i, measure] of measurements.entries()) values[i]?.push(await measure());
  }
  return values;
}
