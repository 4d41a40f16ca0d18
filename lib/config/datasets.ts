/**
 * The datasets of a run: `datasets`, or what `input` and the settings beside it say.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import type { Constant, DatasetConfig } from "../sources/dataset.ts";
import type { RunConfig } from "./run_config.ts";
import type { SettingValues } from "./settings.ts";

/** One entry of `datasets`, checked. */
export type DatasetSetting = NonNullable<SettingValues["datasets"]>[number];

/**
 * Every dataset of a run, in order. All have the same constants: null where one does not set it.
 *
 * @throws {UsageError} If a dataset is listed twice, a field has two sources, or a setting of the run
 * would go unheard.
 */
export function datasetsOf(config: RunConfig): readonly DatasetConfig[] {
  const datasets = config.datasets === null
    ? config.input.map((input): DatasetConfig => fromSettings(config, { input }))
    : config.datasets.map((dataset) => fromSettings(config, dataset));
  checkHeard(config);
  checkTwice(datasets);
  datasets.forEach(checkFields);
  const names = [...new Set(datasets.flatMap(({ constants }) => Object.keys(constants)))];
  const none = Object.fromEntries(names.map((name): [string, Constant] => [name, null]));
  return datasets.map((dataset) => ({
    ...dataset,
    constants: { ...none, ...dataset.constants },
  }));
}

/** What an entry does not say, the run's own settings do. */
function fromSettings(config: RunConfig, dataset: DatasetSetting): DatasetConfig {
  return {
    input: dataset.input,
    config: dataset.subset ?? config.subset,
    split: dataset.split ?? config.split,
    columns: dataset.columns ?? config.columns,
    constants: { ...config.constants, ...dataset.constants },
    where: { ...config.where, ...dataset.where },
    maxSamples: dataset.max_samples ?? null,
    minSeconds: dataset.min_seconds ?? config.minSeconds,
    maxSeconds: dataset.max_seconds ?? config.maxSeconds,
  };
}

/** A setting of the run that every dataset has an answer of its own to would not be heard. */
function checkHeard({ datasets, ...config }: RunConfig): void {
  const unheard = (["subset", "split", "columns"] as const).find((name) =>
    config[name] !== null && datasets?.every((dataset) => (dataset[name] ?? null) !== null)
  );
  if (unheard === undefined) return;
  throw new UsageError(
    `Cannot use the run's ${unheard}: every dataset has its own, which would be taken: ` +
      "change it there, or leave one of the two out",
  );
}

/** The same data twice would give each row twice; an id of a row names its dataset alone. */
function checkTwice(datasets: readonly DatasetConfig[]): void {
  const seen = new Set<string>();
  for (const { input, config, split, where } of datasets) {
    const key = JSON.stringify([input, config, split, where]);
    if (seen.has(key)) {
      const which = [config, split].filter((name) => name !== null).join(", ");
      throw new UsageError(
        `Cannot plan a run: the dataset '${input}'${which === "" ? "" : ` (${which})`} is listed ` +
          "twice: leave one out, or choose another subset or split",
      );
    }
    seen.add(key);
  }
}

function checkFields({ input, columns, constants, minSeconds, maxSeconds }: DatasetConfig): void {
  for (const field of ["speaker", "language"] as const) {
    if (!columns?.[field] || constants[field] === undefined) continue;
    throw new UsageError(
      `Cannot use the constant '${field}' of '${input}': its columns name one for '${field}' as ` +
        "well: leave one out",
    );
  }
  if (minSeconds !== null && maxSeconds !== null && minSeconds > maxSeconds) {
    throw new UsageError(
      `Cannot use min_seconds ${minSeconds}: it is over max_seconds ${maxSeconds}, so that no clip ` +
        `of '${input}' is left`,
    );
  }
}
