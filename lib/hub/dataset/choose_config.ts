/**
 * Which configuration ("subset") of a dataset is meant.
 *
 * @module
 */
import { UsageError } from "../../errors.ts";
import { didYouMean } from "../../nearest.ts";

/** A configuration to choose from. */
export interface NamedConfig {
  readonly name: string;
  readonly isDefault: boolean;
}

/**
 * The configuration with this name; without a name the one that is called `default` or declared as
 * the default, or the only one.
 *
 * @param id Of the dataset, for messages.
 * @throws {UsageError} If there is no such configuration, or none was asked for and several are
 * there; the message names them.
 */
export function chooseConfig<Config extends NamedConfig>(
  id: string,
  configs: readonly Config[],
  wanted: string | null,
): Config {
  const names = configs.map(({ name }) => name);
  if (wanted !== null) {
    const found = configs.find(({ name }) => name === wanted);
    if (found !== undefined) return found;
    throw unknownConfig(id, names, wanted);
  }
  const [only, second] = configs;
  if (only !== undefined && second === undefined) return only;
  const defaults = configs.filter(({ name, isDefault }) => isDefault || name === "default");
  const [first, another] = defaults;
  if (first !== undefined && another === undefined) return first;
  throw new UsageError(
    `Cannot choose a subset of the dataset '${id}': it has ${listNames(names)}` +
      `${another === undefined ? "" : ", and several defaults"}; choose one with subset, such as ` +
      `'${names[0] ?? ""}'`,
  );
}

/** The error for a configuration that a dataset has not. */
export function unknownConfig(id: string, names: readonly string[], wanted: string): UsageError {
  return new UsageError(
    `Cannot use the dataset '${id}': it has no subset '${wanted}'${didYouMean(wanted, names)}: ` +
      `it has ${listNames(names)}`,
  );
}

/** `'a', 'b' and 3 more`. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 30).map((name) => `'${name}'`).join(", ");
  return names.length > 30 ? `${shown} and ${names.length - 30} more` : shown;
}
