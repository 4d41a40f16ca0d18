/**
 * The settings of a run from a file, flags and defaults.
 *
 * @module
 */

import { dirname, resolve } from "node:path";
import { Constants, ownColumns } from "../encoding/constants.ts";
import { UsageError } from "../errors.ts";
import { checkSettings, type Problem } from "./check.ts";
import { datasetsOf } from "./datasets.ts";
import { isPipelineConfig, translatePipelineConfig } from "./pipeline/translate.ts";
import { type Flags, settingsOfFlags } from "./flags.ts";
import {
  defaultValues,
  type Layer,
  resolvePaths,
  type RunConfig,
  toRunConfig,
} from "./run_config.ts";
import { SETTINGS, type SettingValues } from "./settings.ts";
import { readYamlFile } from "./yaml_file.ts";

/** Where settings come from; later ones win. */
export interface LoadConfigOptions {
  /** Settings that a run was planned with, as `storedSettings` gave them. */
  readonly stored?: unknown;
  /** A YAML file. */
  readonly file?: string | undefined;
  /** Flags, or the values of a call; `undefined` ones were not given. */
  readonly flags?: Flags;
  /** The working directory: absolute. */
  readonly cwd: string;
}

/**
 * Puts settings together: flags win over the file, the file over the defaults. Relative paths
 * begin in the file's folder, or in the working directory for flags and defaults.
 *
 * @throws {UsageError} If a setting is unknown or has a wrong value, or no input is given. Each
 *   line of the message names the file, line and column, or the flag.
 */
export async function loadConfig(options: LoadConfigOptions): Promise<RunConfig> {
  const { cwd, file, flags = {}, stored } = options;
  const layers = [
    storedLayer(stored ?? {}, cwd),
    ...(file === undefined ? [] : [await fileLayer(file, cwd)]),
    flagLayer(flags, cwd),
  ];
  const complaints = layers.flatMap((layer) => layer.complaints);
  if (complaints.length > 0) throw new UsageError(complaints.join("\n"));
  const values = [{ values: {}, folder: cwd }, ...layers].map(resolvePaths).reduce(override);
  const complete = { ...defaultValues(), ...values, input: inputOf(values) };
  const paths = resolvePaths({ values: complete, folder: cwd });
  const notices = layers.flatMap((layer) => layer.notices ?? []);
  return checkTogether({ ...toRunConfig({ ...complete, ...paths }), notices });
}

/** `input` and `datasets` answer the same question: the later layer does. */
function override(
  before: Partial<SettingValues>,
  after: Partial<SettingValues>,
): Partial<SettingValues> {
  if (after.input !== undefined && after.datasets) {
    throw new UsageError("Cannot plan a run: both 'input' and 'datasets' are given: leave one out");
  }
  const { input: _, datasets: __, ...rest } = before;
  return { ...(after.input !== undefined || after.datasets ? rest : before), ...after };
}

function inputOf({ input, datasets }: Partial<SettingValues>): SettingValues["input"] {
  if (datasets) return [];
  if (input !== undefined) return input;
  throw new UsageError(
    "Cannot plan a run: no input is given: use --input, or 'input:' in a config file",
  );
}

/** Values of one origin, and what is wrong with them, ready to be shown. */
interface CheckedLayer extends Layer {
  readonly complaints: readonly string[];
  /** What the user should hear once. */
  readonly notices?: readonly string[];
}

async function fileLayer(file: string, cwd: string): Promise<CheckedLayer> {
  const path = resolve(cwd, file);
  const { settings, place } = await readYamlFile(path, file);
  const name = ({ path, isName }: Problem) => `${place(path, isName)}: ${path.join(".")}`;
  if (!isPipelineConfig(settings)) return checkedLayer(settings, dirname(path), name);
  const translated = translatePipelineConfig(settings, dirname(path));
  const layer = checkedLayer(
    translated.settings,
    dirname(path),
    ({ path, isName }) => name({ path: translated.original(path), isName, detail: "" }),
  );
  const complaints = translated.problems.map((problem) => `${name(problem)}: ${problem.detail}`);
  return {
    ...layer,
    complaints: [...complaints, ...layer.complaints],
    notices: translated.notices,
  };
}

function flagLayer(flags: Flags, cwd: string): CheckedLayer {
  return checkedLayer(settingsOfFlags(flags), cwd, ({ path: [name = "", ...rest] }) => {
    const flag = SETTINGS.find((setting) => setting.name === name)?.flag ?? name;
    return [flag, ...rest].join(": ");
  });
}

function storedLayer(stored: unknown, cwd: string): CheckedLayer {
  const settings = Object.fromEntries(
    Object.entries(stored ?? {}).filter(([name, value]) =>
      !(name === "input" && Array.isArray(value) && value.length === 0)
    ),
  );
  return checkedLayer(settings, cwd, ({ path }) => `the run's own config: ${path.join(".")}`);
}

function checkedLayer(
  settings: Readonly<Record<string, unknown>>,
  folder: string,
  name: (problem: Problem) => string,
): CheckedLayer {
  const { values, problems } = checkSettings(settings);
  const complaints = problems.map((problem) => `${name(problem)}: ${problem.detail}`);
  return { values, folder, complaints };
}

/** What no setting alone can tell. */
function checkTogether(config: RunConfig): RunConfig {
  const { minSeconds, maxSeconds } = config;
  if (minSeconds !== null && maxSeconds !== null && minSeconds > maxSeconds) {
    throw new UsageError(
      `Cannot use min_seconds ${minSeconds}: it is over max_seconds ${maxSeconds}, so that no clip is left`,
    );
  }
  const datasets = datasetsOf(config);
  const constants = datasets.map((dataset) => ownColumns(dataset.constants));
  // Refuses values that share no column, before a codec is brought here.
  new Constants(constants, datasets.map(({ input }) => input));
  return config;
}
