/**
 * Which column of a table holds which field.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { didYouMean } from "../nearest.ts";
import { looksLikeHeader } from "./delimiter.ts";
import { FIELD_NAMES, type FieldName } from "./fields.ts";

/** Columns by their name, or by their number, from 0; an empty name stands for no column. */
export type Columns = Readonly<Partial<Record<FieldName, string | number>>>;

/** Where a table keeps the fields. */
export interface ColumnLayout {
  readonly hasHeader: boolean;
  /** How many cells a row may have. */
  readonly widths: readonly number[];
  /** Columns of each field; of several, the first that is not empty counts. */
  readonly columns: ReadonlyMap<FieldName, readonly number[]>;
}

/** What is known about a table before its columns are. */
export interface ColumnOptions {
  /** For messages. */
  readonly path: string;
  /** The cells of the first record. */
  readonly first: readonly string[];
  /** Columns that were set; a header's own names fill in the rest. */
  readonly columns: Columns;
  /** Whether the first record is a header; null to find out. */
  readonly header: boolean | null;
}

/**
 * Decides where each field is.
 *
 * @throws {UsageError} If a column does not exist, or none is known to hold the id.
 */
export function layoutColumns(options: ColumnOptions): ColumnLayout {
  const { first, path } = options;
  const hasHeader = options.header ?? guessHeader(options);
  const names = hasHeader ? first.map((name) => name.trim()) : null;
  const columns = new Map<FieldName, readonly number[]>();
  for (const field of FIELD_NAMES) {
    const wanted = options.columns[field] ??
      (names?.includes(field) ? field : undefined);
    if (wanted === undefined || wanted === "") continue;
    columns.set(field, [indexOf(field, wanted, names, options)]);
  }
  if (!columns.has("id")) {
    throw new UsageError(
      `Cannot read table '${path}': no column holds the id: ${describe(names, first)}: ${
        adviceFor(names)
      }`,
    );
  }
  return { hasHeader, widths: [first.length], columns };
}

function guessHeader({ first, columns }: ColumnOptions): boolean {
  return Object.values(columns).some((column) => typeof column === "string") ||
    looksLikeHeader(first);
}

function indexOf(
  field: FieldName,
  wanted: string | number,
  names: readonly string[] | null,
  { path, first }: ColumnOptions,
): number {
  if (typeof wanted === "number" && first[wanted] !== undefined) return wanted;
  const found = typeof wanted === "string" ? names?.indexOf(wanted) ?? -1 : -1;
  if (found >= 0 && names?.lastIndexOf(wanted.toString()) === found) {
    return found;
  }
  const shown = typeof wanted === "string" ? `'${wanted}'` : String(wanted);
  const state = found < 0 ? "does not exist" : "exists more than once";
  const hint = typeof wanted === "string" && found < 0 ? didYouMean(wanted, names ?? []) : "";
  throw new UsageError(
    `Cannot read table '${path}': column ${shown} for '${field}' ${state}: ${
      describe(names, first)
    }${hint}`,
  );
}

function describe(
  names: readonly string[] | null,
  first: readonly string[],
): string {
  if (names !== null) {
    return `it has ${names.map((name) => `'${name}'`).join(", ")}`;
  }
  return `it has no header and ${first.length} columns, 0 to ${first.length - 1}`;
}

function adviceFor(names: readonly string[] | null): string {
  if (names !== null) return `set columns, such as {id: '${names[0] ?? ""}'}`;
  return "set columns, such as {id: 0}, or header to true if the first row names them";
}
