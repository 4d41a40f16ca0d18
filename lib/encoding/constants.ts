/**
 * Columns with one value in every row of a dataset.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import type { Column, ColumnType } from "../shards/column.ts";
import type { Constant } from "../sources/dataset.ts";
import { isFieldConstant } from "../sources/with_constants.ts";

/** Constants of one dataset, by column. */
export type DatasetConstants = Readonly<Record<string, Constant>>;

/** Those with a column of their own: the others are fields of a sample, which the source gives. */
export function ownColumns(constants: DatasetConstants): DatasetConstants {
  return Object.fromEntries(Object.entries(constants).filter(([name]) => !isFieldConstant(name)));
}

/** The constants of a run. */
export class Constants {
  /** A column for each, typed so that the values of every dataset fit. */
  readonly columns: readonly Column[];
  readonly #byOrigin: readonly DatasetConstants[];

  /**
   * @param byOrigin Of each dataset of the run; one alone stands for all of them.
   * @param names What messages call the datasets. @default numbers
   * @throws {UsageError} If the datasets have not the same ones, or of kinds that share no column.
   */
  constructor(byOrigin: readonly DatasetConstants[], names: readonly string[] = []) {
    const nameOf = (origin: number) =>
      names[origin] === undefined ? `dataset ${origin + 1}` : `'${names[origin]}'`;
    const columns = columnNames(byOrigin, nameOf);
    this.columns = columns.map((name) => ({ name, type: typeOf(name, byOrigin, nameOf) }));
    this.#byOrigin = byOrigin.map((constants) =>
      Object.fromEntries(columns.map((name) => [name, constants[name] ?? null]))
    );
  }

  /** Those of one dataset, in the order of the columns. */
  of(origin: number): DatasetConstants {
    const found = this.#byOrigin.length <= 1 ? this.#byOrigin[0] ?? {} : this.#byOrigin[origin];
    if (found !== undefined) return found;
    throw new RangeError(`Cannot find the constants of dataset ${origin + 1}`);
  }

  /** Every value that a constant has, each once. */
  valuesOf(name: string): readonly Constant[] {
    return [...new Set(this.#byOrigin.map((constants) => constants[name] ?? null))];
  }
}

function columnNames(
  byOrigin: readonly DatasetConstants[],
  nameOf: (origin: number) => string,
): string[] {
  const [first = {}] = byOrigin;
  const names = Object.keys(first);
  for (const [origin, constants] of byOrigin.entries()) {
    const extra = Object.keys(constants).find((name) => !Object.hasOwn(first, name));
    if (extra !== undefined) throw missing(extra, nameOf(origin), nameOf(0));
    const lacking = names.find((name) => !Object.hasOwn(constants, name));
    if (lacking !== undefined) throw missing(lacking, nameOf(0), nameOf(origin));
  }
  return names;
}

function missing(name: string, having: string, lacking: string): UsageError {
  return new UsageError(
    `Cannot give every row the same columns: ${having} has the constant '${name}', ${lacking} ` +
      "has not: give each dataset every constant, null where there is no value",
  );
}

/** Null fits every type; whole numbers those of fractions as well. */
function typeOf(
  name: string,
  byOrigin: readonly DatasetConstants[],
  nameOf: (origin: number) => string,
): Kind {
  let type: Kind | null = null;
  let from = 0;
  for (const [origin, constants] of byOrigin.entries()) {
    const found = kindOf(constants[name] ?? null);
    if (found === null || found === type) continue;
    const isNumber = type === null || type === "int64" || type === "float64";
    if (type !== null && !(isNumber && (found === "int64" || found === "float64"))) {
      throw new UsageError(
        `Cannot put the constant '${name}' into one column: it is ${WORDS[type]} in ` +
          `${nameOf(from)} and ${WORDS[found]} in ${nameOf(origin)}: give both values of one kind`,
      );
    }
    type = type === null ? found : "float64";
    from = origin;
  }
  return type ?? "string";
}

type Kind = Exclude<ColumnType, "tokens">;

const WORDS: Readonly<Record<Kind, string>> = {
  string: "text",
  int64: "a number",
  float64: "a number",
  bool: "true or false",
};

function kindOf(value: Constant): Kind | null {
  if (value === null) return null;
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  return Number.isSafeInteger(value) ? "int64" : "float64";
}
