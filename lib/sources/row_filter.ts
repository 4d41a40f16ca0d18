/**
 * Column filters of a file of rows: which rows are taken.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { didYouMean } from "../nearest.ts";
import type { FilterValue, RowOptions } from "./dataset.ts";
import { describeColumn, describeColumns, type RowColumn } from "./row_columns.ts";

/** The values of one column that are taken. */
export interface RowFilter {
  /** Of the column. */
  readonly name: string;
  /** As the column holds them: for labels, their numbers. */
  readonly values: ReadonlySet<unknown>;
}

/** Where filters are checked. */
export interface RowFilterOptions {
  /** How messages call the file. */
  readonly label: string;
  readonly columns: readonly RowColumn[];
  readonly rows: Pick<RowOptions, "where">;
}

/**
 * Checks column filters against the columns that there are.
 *
 * @throws {UsageError} If a column does not exist, holds nothing that can be compared, or can never
 *   have one of the values: a filter that matches nothing is a slip.
 */
export function rowFilters(options: RowFilterOptions): readonly RowFilter[] {
  return Object.entries(options.rows.where).map(([name, wanted]) => {
    const column = requireColumn(name, options);
    const values = [wanted].flat().map((value) => valueFor(column, value, options));
    if (values.length > 0) return { name, values: new Set(values) };
    throw refusal(name, "has no value to compare with", options);
  });
}

/**
 * Whether a row is taken: each filtered column has one of its values.
 *
 * @param row Gives the row's value of a column; null and undefined are the same.
 */
export function matchesFilters(
  filters: readonly RowFilter[],
  row: (column: string) => unknown,
): boolean {
  return filters.every(({ name, values }) => values.has(row(name) ?? null));
}

function requireColumn(name: string, options: RowFilterOptions): RowColumn {
  const found = options.columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const hint = didYouMean(name, options.columns.map((column) => column.name));
  throw refusal(name, `does not exist: ${describeColumns(options.columns)}${hint}`, options);
}

function valueFor(
  column: RowColumn,
  value: FilterValue,
  options: RowFilterOptions,
): FilterValue | bigint {
  if (value === null) return null;
  const { type, labels } = column;
  if (labels !== null && typeof value === "string") return labelFor(column, labels, value, options);
  switch (type.kind) {
    case "text":
      if (typeof value === "string") return value;
      break;
    case "boolean":
      if (typeof value === "boolean") return value;
      break;
    case "number":
      if (typeof value === "number") return ROUND[type.precision ?? "double"](value);
      break;
    case "whole_number":
      if (isLargeNumber(value)) return BigInt(value);
      if (typeof value === "number") return checkExact(column, value, options);
  }
  const problem = `is ${describeColumn(column)} and never equals ${JSON.stringify(value)}`;
  throw refusal(column.name, problem, options);
}

/** As a file with shorter numbers has them. */
const ROUND = {
  double: (value: number) => value,
  single: Math.fround,
  half: Math.f16round,
} as const;

/** Text for a whole number that a double does not hold: rows have those as `bigint`. */
function isLargeNumber(value: FilterValue): value is string {
  return typeof value === "string" && /^-?\d+$/.test(value) &&
    !Number.isSafeInteger(Number(value));
}

function checkExact({ name }: RowColumn, value: number, options: RowFilterOptions): number {
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return value;
  const problem = `cannot be compared with ${value}, which stands for its neighbours as well: ` +
    `put numbers beyond ${Number.MAX_SAFE_INTEGER} in quotes, as text`;
  throw refusal(name, problem, options);
}

function labelFor(
  { name }: RowColumn,
  labels: readonly string[],
  value: string,
  options: RowFilterOptions,
): number {
  const index = labels.indexOf(value);
  if (index >= 0) return index;
  const known = labels.map((label) => `'${label}'`).join(", ");
  throw refusal(
    name,
    `is never '${value}': it may be ${known}${didYouMean(value, labels)}`,
    options,
  );
}

function refusal(name: string, problem: string, { label }: RowFilterOptions): UsageError {
  return new UsageError(`Cannot filter '${label}': column '${name}' ${problem}`);
}
