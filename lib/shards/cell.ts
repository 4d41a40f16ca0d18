/**
 * The values of a row, held to their columns when they are written and when they are read.
 *
 * @module
 */
import type { CellValue, Column, ColumnType, ShardRow } from "./column.ts";

/** More of a value in a message helps nobody. Characters. */
const SHOWN = 60;
/** Parquet's INT64, and that of everything that reads it, ends here. */
const INT64_END = 2 ** 63;

const FITS: { readonly [Type in ColumnType]: (value: unknown) => boolean } = {
  string: (value) => value === null || typeof value === "string",
  int64: (value) =>
    value === null ||
    (Number.isInteger(value) && Number(value) >= -INT64_END && Number(value) < INT64_END),
  float64: (value) => value === null || Number.isFinite(value),
  bool: (value) => value === null || typeof value === "boolean",
  tokens: (value) => Array.isArray(value),
};

/**
 * The value of a column.
 *
 * @throws {TypeError} If it is missing or of another type.
 */
export function cellOf(row: object, column: Column): CellValue {
  const value = (row as ShardRow)[column.name];
  if (value !== undefined && FITS[column.type](value)) return value;
  const shown = JSON.stringify(value)?.slice(0, SHOWN) ?? "nothing";
  throw new TypeError(
    `Cannot take a row: its column '${column.name}' of the type ${column.type} holds ${shown}`,
  );
}

/**
 * The tokens of a column.
 *
 * @throws {TypeError} If it holds none.
 */
export function tokensOf(row: object, column: Column): readonly number[] {
  const value = cellOf(row, column);
  if (Array.isArray(value)) return value;
  throw new TypeError(`Cannot take a row: its column '${column.name}' is not one of tokens`);
}
