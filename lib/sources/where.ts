/**
 * Column filters: which rows are taken.
 *
 * @module
 */
import type { DatasetConfig, FilterValue } from "./dataset.ts";

/** Columns, and the value or values that a row must have in each. */
export type Where = DatasetConfig["where"];

/** Whether a row is taken: each column has its value, or one of its values. */
export function isTaken(where: Where, valueOf: (column: string) => unknown): boolean {
  return Object.entries(where).every(([column, wanted]) => {
    const value = valueOf(column);
    return valuesOf(wanted).some((each) => each === value);
  });
}

/** As `isTaken`, of a table whose cells are text: an empty cell is null. */
export function isTextTaken(where: Where, cellOf: (column: string) => string | null): boolean {
  return Object.entries(where).every(([column, wanted]) => {
    const cell = cellOf(column);
    return valuesOf(wanted).some((each) => cell === (each === null ? null : String(each)));
  });
}

function valuesOf(wanted: FilterValue | readonly FilterValue[]): readonly FilterValue[] {
  return isList(wanted) ? wanted : [wanted];
}

/** `Array.isArray` does not see through `readonly`. */
function isList(wanted: FilterValue | readonly FilterValue[]): wanted is readonly FilterValue[] {
  return Array.isArray(wanted);
}
