/**
 * Every setting of a run, described once: the YAML schema, the flags, the documentation and the
 * digest of a run are made from this table.
 *
 * @module
 */

import type { z } from "../npm/zod.ts";
import type { SettingFacts } from "./setting.ts";
import { CODEC_SETTINGS } from "./table/codec.ts";
import { INPUT_SETTINGS } from "./table/input.ts";
import { OUTPUT_SETTINGS } from "./table/output.ts";
import { RUN_SETTINGS } from "./table/run.ts";

/** The settings by their names, in the order of the documentation. */
export const TABLE = {
  ...INPUT_SETTINGS,
  ...CODEC_SETTINGS,
  ...OUTPUT_SETTINGS,
  ...RUN_SETTINGS,
} as const satisfies Record<string, SettingFacts>;

/** A setting's name in YAML. */
export type SettingName = keyof typeof TABLE;

/** The checked values of settings, by their names in YAML. */
export type SettingValues = {
  readonly [Name in SettingName]: z.output<typeof TABLE[Name]["schema"]>;
};

/** Settings that belong together, as help and documentation show them. */
export type SettingGroup = "Input" | "Codec" | "Output" | "Run";

const GROUPS: readonly (readonly [SettingGroup, Readonly<Record<string, SettingFacts>>])[] = [
  ["Input", INPUT_SETTINGS],
  ["Codec", CODEC_SETTINGS],
  ["Output", OUTPUT_SETTINGS],
  ["Run", RUN_SETTINGS],
];

/** One setting with its names. */
export interface Setting extends SettingFacts {
  readonly group: SettingGroup;
  /** In YAML: `val_ratio`. */
  readonly name: SettingName;
  /** On the command line: `--val-ratio`. */
  readonly flag: string;
}

/** Every setting, in the order of the documentation. */
export const SETTINGS: readonly Setting[] = GROUPS.flatMap(([group, table]) =>
  Object.entries(table).map(([name, facts]) => ({
    ...facts,
    group,
    name: name as SettingName,
    flag: `--${name.replaceAll("_", "-")}`,
  }))
);
