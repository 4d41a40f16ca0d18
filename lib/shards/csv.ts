/**
 * CSV by RFC 4180, with line feeds: tokens as JSON text, null as an empty cell, empty text as `""`.
 *
 * @module
 */
import { cellOf } from "./cell.ts";
import type { CellValue, Column } from "./column.ts";
import { readCsv } from "./csv_reader.ts";
import type { ShardFormat, ShardTarget, ShardWriter, WrittenShard } from "./format.ts";
import { ShardFile } from "./shard_file.ts";

/** What makes a cell stand in quotes. */
const SPECIAL = /[",\r\n]/;

const encoder = new TextEncoder();

/** CSV with a header. */
export function csv(): ShardFormat {
  return { extension: "csv", create: (target) => new CsvWriter(target), read: readCsv };
}

class CsvWriter implements ShardWriter {
  readonly #columns: readonly Column[];
  readonly #file: ShardFile;
  #rows = 0;

  constructor(target: ShardTarget) {
    this.#columns = target.columns;
    this.#file = new ShardFile(target);
    this.#file.write(encoder.encode(`${target.columns.map(({ name }) => quoted(name)).join()}\n`));
  }

  async write(rows: readonly object[]): Promise<void> {
    for (const row of rows) {
      const cells = this.#columns.map((column) => csvCell(cellOf(row, column)));
      this.#rows++;
      await this.#file.append(encoder.encode(`${cells.join()}\n`));
    }
  }

  finish(): Promise<WrittenShard> {
    return Promise.resolve(this.#file.finish(this.#rows));
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

function csvCell(value: CellValue): string {
  if (value === null) return "";
  return quoted(typeof value === "object" ? JSON.stringify(value) : String(value));
}

function quoted(text: string): string {
  return text === "" || SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
