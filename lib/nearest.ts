/**
 * "Did you mean": the known name nearest to one that is not known.
 *
 * @module
 */

/**
 * The nearest of the names, or null where none is near: at most a third of the letters, and at
 * least two, may be wrong. Case does not count.
 */
export function nearest(
  wrong: string,
  names: readonly string[],
): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.floor(wrong.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(wrong.toLowerCase(), name.toLowerCase());
    // Two of three letters wrong is another word, not a slip.
    if (distance < bestDistance && distance < name.length - 1) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** `, did you mean 'x'`, or nothing. */
export function didYouMean(wrong: string, names: readonly string[]): string {
  const name = nearest(wrong, names);
  return name === null ? "" : `, did you mean '${name}'`;
}

/** Levenshtein's distance: insertions, deletions and replacements of UTF-16 units. */
export function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const current = [i];
    for (let j = 1; j <= right.length; j++) {
      const replaced = at(previous, j - 1) +
        (left[i - 1] === right[j - 1] ? 0 : 1);
      current.push(
        Math.min(replaced, at(previous, j) + 1, at(current, j - 1) + 1),
      );
    }
    previous = current;
  }
  return at(previous, right.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
