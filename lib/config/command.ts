/**
 * The command that makes a run's data once more, for its dataset card.
 *
 * @module
 */
import { basename, isAbsolute } from "node:path";
import type { Json } from "../run/job.ts";
import type { RunConfig } from "./run_config.ts";
import { SETTINGS } from "./settings.ts";
import { dataSettings } from "./stored.ts";

/**
 * `speechmill encode` with every setting that decides the data and is not the default. Folders of
 * this machine are left out of paths: a card is read elsewhere, and where the data lay is nobody's
 * business.
 */
export function commandOf(config: RunConfig): string {
  const flags = Object.entries(dataSettings(config)).flatMap(([name, value]) => {
    const setting = SETTINGS.find((each) => each.name === name);
    if (setting === undefined || isDefault(setting.default, value)) return [];
    return flagsOf(setting.flag, setting.flagKind, value);
  });
  return ["speechmill encode", ...flags].join(" \\\n  ");
}

/** An empty list is what stands for the input where `datasets` says it. */
function isDefault(byDefault: Json | undefined, value: Json): boolean {
  return JSON.stringify(value) === JSON.stringify(byDefault ?? []) ||
    JSON.stringify(value) === JSON.stringify(byDefault);
}

function flagsOf(flag: string, kind: string, value: Json): string[] {
  const shown = withoutFolders(value);
  if (kind === "list") return [shown].flat().map((each) => `${flag} ${quoted(textOf(each))}`);
  if (kind === "map") {
    return Object.entries(shown ?? {}).map(([name, each]) =>
      `${flag} ${quoted(`${name}=${textOf(each)}`)}`
    );
  }
  return [`${flag} ${quoted(textOf(shown))}`];
}

function withoutFolders(value: Json): Json {
  if (typeof value === "string") return isAbsolute(value) ? basename(value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutFolders);
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, withoutFolders(each)]),
  );
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return /^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
