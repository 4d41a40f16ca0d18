/**
 * Rows of CSV that we wrote. A cell in quotes is told from one without: an empty one is null.
 *
 * @module
 */
import { messageOf, SpeechmillError } from "../errors.ts";
import { cellOf } from "./cell.ts";
import type { Column } from "./column.ts";
import { type CsvCell, readCsvRecords } from "./csv_records.ts";

/**
 * Reads CSV by the types of the columns.
 *
 * @throws {SpeechmillError} If the file is damaged; the message names it and the last whole row.
 */
export async function* readCsv(
  path: string,
  columns: readonly Column[],
): AsyncGenerator<Record<string, unknown>> {
  // The header is no row.
  let rows = -1;
  try {
    const file = await Deno.open(path);
    for await (const record of readCsvRecords(file.readable)) {
      if (rows < 0) {
        checkHeader(record, columns);
        rows = 0;
        continue;
      }
      const row = readRow(record, columns);
      rows++;
      yield row;
    }
    if (rows < 0) throw new Error("it has no header");
  } catch (error) {
    throw new SpeechmillError(
      `Cannot read '${path}' after row ${Math.max(rows, 0)}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

function checkHeader(record: readonly CsvCell[], columns: readonly Column[]): void {
  const found = record.map(({ text }) => text).join(", ");
  const expected = columns.map(({ name }) => name).join(", ");
  if (found !== expected) throw new Error(`its columns are ${found}, not ${expected}`);
}

function readRow(
  record: readonly CsvCell[],
  columns: readonly Column[],
): Record<string, unknown> {
  if (record.length !== columns.length) {
    throw new Error(`the next row has ${record.length} cells of ${columns.length}`);
  }
  const row = Object.fromEntries(
    columns.map(({ name, type }, i) => [name, value(record[i], type)]),
  );
  for (const column of columns) cellOf(row, column);
  return row;
}

function value(cell: CsvCell | undefined, type: Column["type"]): unknown {
  if (cell === undefined || (cell.text === "" && !cell.isQuoted)) return null;
  const { text } = cell;
  switch (type) {
    case "string":
      return text;
    case "int64":
    case "float64":
      return text.trim() === text && text !== "" ? Number(text) : text;
    case "bool":
      return text === "true" ? true : text === "false" ? false : text;
    case "tokens":
      return JSON.parse(text);
  }
}
