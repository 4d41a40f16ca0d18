/** Helpers of the tests of Parquet: the files that pyarrow and `datasets` wrote. */
import { fileURLToPath } from "node:url";
import type { AsyncBuffer } from "../../lib/npm/hyparquet.ts";
import { openParquet, type ParquetFile } from "../../lib/parquet/open.ts";
import { readColumns } from "../../lib/parquet/read_columns.ts";

const FOLDER = new URL("../fixtures/parquet/", import.meta.url);

/** Absolute path of a fixture. */
export function fixturePath(name: string): string {
  return fileURLToPath(new URL(name, FOLDER));
}

/** The bytes of a fixture. */
export function fixtureBytes(name: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(fixturePath(name));
}

/** A file in memory that writes down which ranges were read. */
export function memoryBuffer(bytes: Uint8Array<ArrayBuffer>) {
  const reads: (readonly [number, number])[] = [];
  const buffer: AsyncBuffer & Disposable = {
    byteLength: bytes.length,
    slice(start, end = bytes.length) {
      reads.push([start, end]);
      return bytes.buffer.slice(start, end);
    },
    [Symbol.dispose]: () => {},
  };
  return { buffer, reads };
}

/** Opens a fixture. */
export function openFixture(name: string): Promise<ParquetFile> {
  return openParquet(memoryBuffer(fixtureBytes(name)).buffer, name);
}

/** All values of some columns, row group by row group. */
export async function rowsOf(file: ParquetFile, columns: readonly string[]): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for (const group of file.rowGroups) {
    const values = await readColumns(file, group, columns.map((name) => [name]));
    for (let row = 0; row < values.rows; row++) {
      rows.push(columns.map((name) => values.at(name, row)));
    }
  }
  return rows;
}
