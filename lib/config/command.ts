/**
 * The command that makes a run's data once more, for its dataset card.
 *
 * @module
 */
import { basename, isAbsolute } from "node:path";
import type { Json } from "../run/job.ts";
import { readScalar } from "./flags.ts";
import type { RunConfig } from "./run_config.ts";
import type { FlagKind } from "./setting.ts";
import { SETTINGS } from "./settings.ts";
import { dataSettings } from "./stored.ts";

/**
 * `speechmill encode` with every setting that decides the data and is not the default. Folders of
 * this machine are left out of paths, and what gives access out of addresses: a card is read
 * elsewhere, and where the data lay is nobody's business.
 */
export function commandOf(config: RunConfig): string {
  const flags = Object.entries(dataSettings(config)).flatMap(([name, value]) => {
    const setting = SETTINGS.find((each) => each.name === name);
    if (setting === undefined || isDefault(setting.default, value)) return [];
    return flagsOf(setting.flag, setting.flagKind, published(name, value));
  });
  return ["speechmill encode", ...flags].join(" \\\n  ");
}

/** An empty list is what stands for the input where `datasets` says it. */
function isDefault(byDefault: Json | undefined, value: Json): boolean {
  return JSON.stringify(value) === JSON.stringify(byDefault ?? []) ||
    JSON.stringify(value) === JSON.stringify(byDefault);
}

function flagsOf(flag: string, kind: FlagKind, value: Json): string[] {
  if (kind === "list") return [value].flat().map((each) => `${flag} ${quoted(textOf(each))}`);
  if (kind !== "map") return [`${flag} ${quoted(textOf(value))}`];
  return Object.entries(value ?? {}).flatMap(([name, values]) =>
    [values].flat().map((each) => `${flag} ${quoted(`${name}=${scalarOf(each)}`)}`)
  );
}

/** A setting as others may read it. */
function published(name: string, value: Json): Json {
  if (PLACES.includes(name)) return Array.isArray(value) ? value.map(placeOf) : placeOf(value);
  if (name !== "datasets" || !Array.isArray(value)) return value;
  return value.map((dataset) => ({ ...dataset, input: placeOf(dataset.input) }));
}

/** Settings that say where something lies. */
const PLACES = ["input", "audio_root", "audio_pattern", "codec"];

function placeOf(value: Json): Json {
  if (typeof value !== "string") return value;
  if (/^https?:/.test(value) && URL.canParse(value)) {
    // A password, or a signature that stands for one, is for whoever gave it.
    const { origin, pathname } = new URL(value);
    return `${origin}${pathname}`;
  }
  return isAbsolute(value) ? basename(value) : value;
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Text that a flag would take for a number, `true` or `null` stands in quotes. */
function scalarOf(value: Json): string {
  const text = textOf(value);
  return readScalar(text) === value ? text : JSON.stringify(value);
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return /^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
