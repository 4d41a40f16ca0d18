/**
 * The settings of a run as they are kept with it.
 *
 * @module
 */

import type { Json } from "../run/job.ts";
import { keyOf } from "./flags.ts";
import type { RunConfig } from "./run_config.ts";
import { type Setting, SETTINGS } from "./settings.ts";

/** Settings by their names in YAML. */
export type StoredSettings = { readonly [name: string]: Json };

/** All settings, for `loadConfig({ stored })` to read back. */
export function storedSettings(config: RunConfig): StoredSettings {
  return pick(config, SETTINGS);
}

/**
 * The settings that decide the bytes of the data. Two runs whose values are equal, on the same
 * input and model, write the same files; a run directory belongs to one set of them. The order of
 * names in a map says nothing, but that of constants, which is the order of their columns.
 */
export function dataSettings(config: RunConfig): StoredSettings {
  const settings = pick(config, SETTINGS.filter((setting) => setting.decidesData));
  const { datasets = null } = settings;
  return {
    ...inOrder(settings),
    datasets: Array.isArray(datasets) ? datasets.map(inOrder) : datasets,
  };
}

/** Settings whose maps have their names in alphabetical order. */
function inOrder(settings: StoredSettings): StoredSettings {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      UNORDERED.includes(name) && value !== null
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1))
        : value,
    ]),
  );
}

const UNORDERED = ["columns", "where"];

function pick(config: RunConfig, settings: readonly Setting[]): StoredSettings {
  const values = new Map<string, Json>(Object.entries(config));
  return Object.fromEntries(
    settings.map(({ name }) => [name, values.get(keyOf(name)) ?? null]),
  );
}
