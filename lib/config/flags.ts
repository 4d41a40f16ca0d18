/**
 * Settings given as flags.
 *
 * @module
 */

import { parseDocument } from "../npm/yaml.ts";
import type { Json } from "../run/job.ts";
import type { RunConfig } from "./run_config.ts";
import { type Setting, SETTINGS } from "./settings.ts";

/**
 * Settings by their names in TypeScript. A value is the text behind a flag, read as YAML reads it;
 * a list of such texts where the flag may be given several times; or the value itself.
 */
export type Flags = {
  readonly [Key in Exclude<keyof RunConfig, "notices">]?: Json | undefined;
};

/** The name in TypeScript of a setting: `valRatio` of `val_ratio`. */
export function keyOf(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** What the flags say, by the names in YAML. Flags that were not given are left out. */
export function settingsOfFlags(flags: Flags): Readonly<Record<string, unknown>> {
  const names = new Map(SETTINGS.map((setting) => [keyOf(setting.name), setting]));
  const settings: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(flags)) {
    if (value === undefined) continue;
    const setting = names.get(key);
    settings[setting?.name ?? key] = setting === undefined ? value : readFlag(setting, value);
  }
  return settings;
}

function readFlag(setting: Setting, value: Json): unknown {
  switch (setting.flagKind) {
    case "text":
      return value;
    case "scalar":
      return typeof value === "string" ? readScalar(value) : value;
    case "list":
      return value;
    case "map":
      return readPairs(value);
    case "yaml":
      return typeof value === "string" ? readYaml(value) : value;
  }
}

/** Reads a list or a map; what YAML cannot read is text, to be refused by its schema. */
function readYaml(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: false });
  return document.errors.length > 0 ? text : document.toJS();
}

/** Reads `12`, `true`, `null` as YAML does; what is none of these is text, and so is nothing. */
export function readScalar(text: string): unknown {
  if (text.trim() === "") return text;
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0 || document.warnings.length > 0) return text;
  const value: unknown = document.toJS();
  return typeof value === "object" && value !== null ? text : value;
}

/**
 * Reads `["id=0", "text=2"]`; a name that is given several times has a list. What has no `=` is left
 * as it is, to be refused as no map.
 */
function readPairs(value: Json): unknown {
  const pairs = typeof value === "string" ? [value] : value;
  if (!Array.isArray(pairs)) return value;
  const values = new Map<string, unknown[]>();
  for (const pair of pairs) {
    const cut = typeof pair === "string" ? pair.indexOf("=") : -1;
    if (cut < 1) return pair;
    const name = pair.slice(0, cut);
    values.set(name, [...values.get(name) ?? [], readScalar(pair.slice(cut + 1))]);
  }
  return Object.fromEntries(
    [...values].map(([name, given]) => [name, given.length === 1 ? given[0] : given]),
  );
}
