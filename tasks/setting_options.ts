/**
 * The flags of `encode`, from the table of settings: each name means the same in YAML and here.
 *
 * @module
 */
import type { Setting } from "../lib/config/settings.ts";
import { Option } from "../lib/npm/commander.ts";

/** Settings that belong to a machine rather than to a dataset: they have a variable as well. */
const MACHINE_SETTINGS: readonly string[] = ["devices", "batch_seconds", "ledger"];

/** The option of a setting. What is given is passed on as text, to be checked like the file. */
export function settingOption(setting: Setting): Option {
  const { name, group, flag, flagKind, valueName, description, choices } = setting;
  const option = new Option(`${flag} <${valueName}>`, `${description}${defaultText(setting)}`)
    .helpGroup(`${group}:`);
  if (choices !== undefined) option.choices(choices);
  if (flagKind === "list" || flagKind === "map") {
    option.argParser((value: string, before: readonly string[] = []) => [...before, value]);
  }
  if (MACHINE_SETTINGS.includes(name)) option.env(`SPEECHMILL_${name.toUpperCase()}`);
  return option;
}

function defaultText({ default: value, flagKind }: Setting): string {
  if (flagKind === "list" || flagKind === "map") return "; may be repeated";
  return value === undefined || value === null ? "" : ` (default: ${value})`;
}
