/**
 * Patterns of file names, as Python's `datasets` reads them (`data_files.py` of 5.0.1).
 *
 * `*`, `?` and `[…]` stay within a part of a path, `**` does not. Braces and parentheses mean
 * themselves. Hidden files and folders (`.a`) and special folders (`__a`) are matched only where the
 * pattern has as many such parts.
 *
 * @module
 */
import { globMatcher } from "./glob.ts";

/** Files that describe a repository, and are data only where they are named. */
const NO_DATA = [
  "README.md",
  "config.json",
  "dataset_info.json",
  "dataset_infos.json",
  "dummy_data.zip",
  "dataset_dict.json",
];

/** Whether a pattern is more than the name of a file. */
export function hasMagic(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/** Tells which files a pattern means, by their paths in the repository. */
export function fileMatcher(pattern: string): (name: string) => boolean {
  const matches = hasMagic(pattern) ? globMatcher(pattern) : (name: string) => name === pattern;
  const parts = pattern.split("/");
  const [hidden, special] = [count(parts, isHidden), count(parts.slice(0, -1), isSpecial)];
  const isNoData = (name: string) => name !== parts.at(-1) && NO_DATA.includes(name);
  return (name) => {
    if (!matches(name)) return false;
    const names = name.split("/");
    return !isNoData(names.at(-1) ?? "") && count(names, isHidden) === hidden &&
      count(names.slice(0, -1), isSpecial) === special;
  };
}

/** The folder that everything lies in or below that a pattern can mean; empty for any. */
export function fixedFolder(pattern: string): string {
  const parts = pattern.split("/").slice(0, -1);
  const end = parts.findIndex(hasMagic);
  return parts.slice(0, end === -1 ? parts.length : end).join("/");
}

/** Whether a pattern can mean files in further folders below its {@linkcode fixedFolder}. */
export function looksDeeper(pattern: string): boolean {
  const folder = fixedFolder(pattern);
  const rest = folder === "" ? pattern : pattern.slice(folder.length + 1);
  return rest.includes("/") || rest.includes("**");
}

function isHidden(part: string): boolean {
  return part.startsWith(".") && !/^\.+$/.test(part);
}

function isSpecial(part: string): boolean {
  return part.startsWith("__");
}

function count(parts: readonly string[], test: (part: string) => boolean): number {
  return parts.filter(test).length;
}
