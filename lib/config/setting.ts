/**
 * What a setting is.
 *
 * @module
 */

import type { z } from "../npm/zod.ts";
import type { Json } from "../run/job.ts";

/** The names that a map may have, and its values. */
export interface MapEntries {
  /** What a name must be, for messages. */
  readonly expectedName: string;
  /** What a value must be, for messages. */
  readonly expectedValue: string;
  /** The names, where they are known. */
  readonly names?: readonly string[];
}

/** The names that each map of a list may have. */
export interface ListItems {
  readonly names: readonly string[];
  /** What the value of each name must be, for messages. */
  readonly expectedValues: Readonly<Record<string, string>>;
}

/** How the text behind a flag becomes a value. */
export type FlagKind =
  /** As it is. */
  | "text"
  /** As YAML reads it: `12`, `true`, `null`. */
  | "scalar"
  /** The flag may be given several times, one text each. */
  | "list"
  /** The flag may be given several times, one `name=value` each. */
  | "map"
  /** Read as YAML, whatever it holds. */
  | "yaml";

/** One setting, written the same in YAML and as a flag. */
export interface SettingFacts<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  readonly flagKind: FlagKind;
  /** What stands for the value in `--flag <value>`. */
  readonly valueName: string;
  /** What a value must be, for messages and documentation: `a number, 0 to 1`. */
  readonly expected: string;
  /** The value where none is given; undefined for a setting that must be given. */
  readonly default: Json | undefined;
  /** One or two sentences; without a full stop at the end. */
  readonly description: string;
  /** Whether it decides the bytes of a run's data: another value is another run. */
  readonly decidesData: boolean;
  /** The words that it may be, for "did you mean". */
  readonly choices?: readonly string[];
  /** What is in it, for a map. */
  readonly entries?: MapEntries;
  /** What is in each of its maps, for a list of maps. */
  readonly items?: ListItems;
}
