/**
 * Lists of shards as WebDataset writes them: `shard-{000000..000012}.tar`, `{a,b}/x.tar`.
 *
 * @module
 */
import { UsageError } from "../errors.ts";

/** More shards than a dataset has: a slip in a number would fill the memory. */
const MOST_PATHS = 1_000_000;

const RANGE = /^(-?\d+|[a-zA-Z])\.\.(-?\d+|[a-zA-Z])(?:\.\.(-?\d+))?$/;

/**
 * Expands the braces of a path as a shell does: lists, ranges of numbers (as wide as they are
 * written) and of letters, steps, one within another. Braces that are neither stay as they are.
 *
 * @throws {UsageError} If there are more than a million.
 */
export function expandBraces(path: string): readonly string[] {
  const paths = expand(path);
  if (paths.length <= MOST_PATHS) return paths;
  throw tooMany(path);
}

function expand(text: string): readonly string[] {
  for (let start = text.indexOf("{"); start >= 0; start = text.indexOf("{", start + 1)) {
    const end = closingOf(text, start);
    const choices = end === null ? null : choicesOf(text.slice(start + 1, end));
    if (end === null || choices === null) continue;
    const before = text.slice(0, start);
    const after = expand(text.slice(end + 1));
    if (choices.length * after.length > MOST_PATHS) throw tooMany(text);
    return choices.flatMap((choice) => after.map((rest) => before + choice + rest));
  }
  return [text];
}

/** Where the brace that is opened there is closed. */
function closingOf(text: string, start: number): number | null {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === "{") depth++;
    if (text[at] === "}" && --depth === 0) return at;
  }
  return null;
}

/** What may stand in place of the braces; null if they are no list. */
function choicesOf(inner: string): readonly string[] | null {
  const range = RANGE.exec(inner);
  if (range !== null) return rangeOf(range[1] ?? "", range[2] ?? "", range[3]);
  const parts = splitList(inner);
  return parts.length > 1 ? parts.flatMap(expand) : null;
}

/** Splits at the commas that stand in no further braces. */
function splitList(inner: string): readonly string[] {
  const parts = [""];
  let depth = 0;
  for (const character of inner) {
    if (character === "{") depth++;
    if (character === "}") depth--;
    if (character === "," && depth === 0) parts.push("");
    else parts.push(parts.pop() + character);
  }
  return parts;
}

function rangeOf(first: string, last: string, step = "1"): readonly string[] | null {
  const areNumbers = [first, last].map((end) => /\d/.test(end));
  if (areNumbers[0] !== areNumbers[1]) return null;
  const valueOf = (end: string) => areNumbers[0] ? Number(end) : end.charCodeAt(0);
  const [start, end] = [valueOf(first), valueOf(last)];
  const width = /^-?0\d/.test(first) || /^-?0\d/.test(last)
    ? Math.max(first.length, last.length)
    : 0;
  const stride = Math.abs(Number(step)) || 1;
  const count = Math.floor(Math.abs(end - start) / stride) + 1;
  if (count > MOST_PATHS) throw tooMany(`{${first}..${last}}`);
  return Array.from({ length: count }, (_, index) => {
    const value = start + Math.sign(end - start) * index * stride;
    return areNumbers[0] ? padded(value, width) : String.fromCharCode(value);
  });
}

function padded(value: number, width: number): string {
  const digits = String(Math.abs(value));
  return value < 0 ? `-${digits.padStart(width - 1, "0")}` : digits.padStart(width, "0");
}

function tooMany(path: string): UsageError {
  return new UsageError(`Cannot list '${path}': its braces stand for more than ${MOST_PATHS} tars`);
}
