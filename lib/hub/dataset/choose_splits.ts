/**
 * Which splits of a dataset are meant.
 *
 * @module
 */
import { UsageError } from "../../errors.ts";
import { didYouMean } from "../../nearest.ts";
import { listNames } from "./choose_config.ts";

/** Splits to choose from. */
export interface SplitChoice {
  /** For messages: `org/name`, or `org/name` with its subset. */
  readonly dataset: string;
  /** Those that there are, in their order. */
  readonly splits: readonly string[];
  /** `train`, `train+test`, `all`; null for `train`, or the only one. */
  readonly wanted: string | null;
}

/**
 * Names the splits in the order in which they were asked for.
 *
 * @throws {UsageError} If there is no such split, one is named twice, or a part of one is asked for.
 */
export function chooseSplits({ dataset, splits, wanted }: SplitChoice): readonly string[] {
  const it = `it has ${listNames(splits)}`;
  if (wanted === null) {
    const [only, second] = splits;
    if (only !== undefined && second === undefined) return [only];
    if (splits.includes("train")) return ["train"];
    throw new UsageError(
      `Cannot choose a split of the dataset '${dataset}': ${it}; choose one with split, or ` +
        "'all' for all of them",
    );
  }
  if (wanted === "all" && !splits.includes("all")) return splits;
  if (/[[\]%]/.test(wanted)) {
    throw new UsageError(
      `Cannot use the split '${wanted}' of the dataset '${dataset}': it names a part of one: give ` +
        "the whole split, and set max_samples to take so many samples from its beginning",
    );
  }
  const names = wanted.split("+").map((name) => name.trim());
  for (const [index, name] of names.entries()) {
    if (!splits.includes(name)) {
      throw new UsageError(
        `Cannot use the dataset '${dataset}': it has no split '${name}'` +
          `${didYouMean(name, splits)}: ${it}`,
      );
    }
    if (names.indexOf(name) !== index) {
      throw new UsageError(
        `Cannot use the splits '${wanted}' of the dataset '${dataset}': '${name}' is named twice`,
      );
    }
  }
  return names;
}
