/**
 * Matching paths with wildcards, in time that grows with the product of both lengths: patterns and
 * names are those of strangers, and a regular expression of them can take for ever.
 *
 * @module
 */

/** Whether one item of the pattern takes one item of the name; null takes any number of them. */
type Step<Item> = ((item: Item) => boolean) | null;

/**
 * Tells whether a path is meant. `*` and `?` stand for characters of one part of it, `[a-z]` and
 * `[!a-z]` for one of them, and a part `**` for any number of parts; the last part for one at least.
 * All else stands for itself.
 */
export function globMatcher(pattern: string): (path: string) => boolean {
  const parts = pattern.split("/");
  const steps = parts.flatMap((part, index): Step<string>[] => {
    if (part !== "**") return [partMatcher(part)];
    return index === parts.length - 1 ? [null, (name) => name !== ""] : [null];
  });
  return (path) => matchSteps(steps, path.split("/"));
}

/** Matches one part of a path. */
function partMatcher(pattern: string): (name: string) => boolean {
  const steps = [...pattern.matchAll(/\[[!^]?\]?[^\]]*\]|./gsu)].map(([token]) => stepOf(token));
  // As in a shell, `*` alone means no part without a name.
  return (name) => name !== "" && matchSteps(steps, [...name]);
}

function stepOf(token: string): Step<string> {
  if (token === "*") return null;
  if (token === "?") return () => true;
  return token.length > 2 && token.startsWith("[") ? classMatcher(token) : (char) => char === token;
}

/** `[a-z]`, `[!0-9_]` */
function classMatcher(token: string): (char: string) => boolean {
  const isNegated = /^\[[!^]/.test(token);
  const ranges = [...token.slice(isNegated ? 2 : 1, -1).matchAll(/(.)-(.)|./gsu)];
  return (char) =>
    isNegated !== ranges.some(([single, from = single, to = single]) => from <= char && char <= to);
}

/** Only the last wildcard that was met ever has to take more: what is before it stays matched. */
function matchSteps<Item>(steps: readonly Step<Item>[], items: readonly Item[]): boolean {
  let [step, item] = [0, 0];
  let wildcard: { readonly step: number; item: number } | null = null;
  while (item < items.length) {
    const matches = steps[step];
    if (matches === null) wildcard = { step: ++step, item };
    else if (matches?.(items[item] as Item)) [step, item] = [step + 1, item + 1];
    else if (wildcard === null) return false;
    else [step, item] = [wildcard.step, ++wildcard.item];
  }
  return steps.slice(step).every((left) => left === null);
}
