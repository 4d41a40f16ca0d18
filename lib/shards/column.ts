/**
 * The columns of a run's files: names and types, known before the first row.
 *
 * @module
 */

/** What a column holds. Each may be null in a row unless it says otherwise. */
export type ColumnType =
  /** Text. */
  | "string"
  /** A whole number that a double holds exactly. */
  | "int64"
  | "float64"
  | "bool"
  /** A list of tokens: whole numbers from 0 to 2^31 - 1, never null. */
  | "tokens";

/** One column. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** For tokens: the largest that can occur, by which a narrow type is chosen. */
  readonly maximum?: number;
}

/** A value in a row. */
export type CellValue = string | number | boolean | null | readonly number[];

/** A row: a value for each column, in their order. */
export type ShardRow = { readonly [column: string]: CellValue };
