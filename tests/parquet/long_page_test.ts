import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "../../lib/npm/fast_check.ts";
import { parquetWriteBuffer } from "../../lib/npm/hyparquet_writer.ts";
import { type CellOptions, DamagedCellError, ParquetCells } from "../../lib/parquet/cells.ts";
import { type FileBuffer, openFileBuffer } from "../../lib/parquet/file_buffer.ts";
import { temporaryDirectory } from "../support/run_once.ts";

const ROWS = 60;
const column = "audio";
/** By default only large pages are read value by value; here all are that can be. */
const EACH_VALUE: CellOptions = { wholePage: -1 };

function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/cells/${name}.parquet`, import.meta.url));
}

function allCells(path: string, options: CellOptions, rows = ROWS) {
  const cells = new ParquetCells(options);
  return Array.from({ length: rows }, (_, row) => {
    const { bytes, path: name } = cells.read(path, { row, column });
    return { bytes: bytes?.slice() ?? null, path: name };
  });
}

for (const name of ["default", "plain", "small_pages", "checksums", "lengths_first", "bytes"]) {
  Deno.test(`ParquetCells reads value by value what it reads page by page: ${name}`, () => {
    const expected = allCells(fixture(name), {});
    assert.deepEqual(allCells(fixture(name), EACH_VALUE), expected);
  });
}

const CODECS = ["SNAPPY", "UNCOMPRESSED"] as const;

/** Values of some 100 KB, some of them null, in row groups of ten rows. */
function writeLarge(path: string, codec: typeof CODECS[number]): (Uint8Array | null)[] {
  const data = Array.from(
    { length: 25 },
    (_, row) =>
      row % 7 === 3 ? null : Uint8Array.from(
        { length: 90_000 + 997 * row },
        (_, i) => (i % 1000 === 0 ? i / 1000 : row),
      ),
  );
  const columnData = [{
    name: column,
    data,
    type: "BYTE_ARRAY" as const,
    encoding: "PLAIN" as const,
  }];
  const bytes = parquetWriteBuffer({ columnData, codec, rowGroupSize: 10, pageSize: 1 << 30 });
  Deno.writeFileSync(path, new Uint8Array(bytes));
  return data;
}

/** A file of which the bytes that are read are counted. */
function counted(): { open: (path: string) => FileBuffer; bytes: number } {
  const counts = {
    bytes: 0,
    open(path: string): FileBuffer {
      const file = openFileBuffer(path);
      const slice = (start: number, end = file.byteLength) => {
        const bytes = file.slice(start, end);
        counts.bytes += bytes.byteLength;
        return bytes;
      };
      const fill = (bytes: Uint8Array, start: number) => {
        counts.bytes += bytes.length;
        file.fill(bytes, start);
      };
      return { ...file, slice, fill };
    },
  };
  return counts;
}

for (const codec of CODECS) {
  Deno.test(`ParquetCells reads values of large pages in any order: ${codec}`, () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "large.parquet");
    const data = writeLarge(path, codec);
    const cells = new ParquetCells(EACH_VALUE);
    fc.assert(
      fc.property(fc.array(fc.nat(data.length - 1), { maxLength: 20 }), (rows) => {
        for (const row of rows) {
          const { bytes } = cells.read(path, { row, column });
          assert.deepEqual(bytes === null ? null : new Uint8Array(bytes), data[row]);
        }
      }),
      { numRuns: 8 },
    );
  });

  Deno.test(`ParquetCells loses the rows of a large page that is damaged, no others: ${codec}`, () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "large.parquet");
    writeLarge(path, codec);
    const bytes = Deno.readFileSync(path);
    // The second of three row groups lies in the middle.
    const middle = bytes.length >> 1;
    bytes.fill(255, middle, middle + bytes.length / 20);
    Deno.writeFileSync(path, bytes);
    const cells = new ParquetCells(EACH_VALUE);
    const lost = Array.from({ length: 25 }, (_, row) => row).filter((row) => {
      try {
        cells.read(path, { row, column });
        return false;
      } catch (error) {
        assert.ok(error instanceof DamagedCellError, String(error));
        return true;
      }
    });
    assert.deepEqual(lost, [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  });
}

Deno.test("ParquetCells reads of a large uncompressed page the value that is asked for", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "large.parquet");
  const data = writeLarge(path, "UNCOMPRESSED");
  const counts = counted();
  const cells = new ParquetCells({ ...EACH_VALUE, open: counts.open });
  assert.equal(cells.read(path, { row: 12, column }).bytes?.length, data[12]?.length);
  assert.ok(counts.bytes < 110_000, `${counts.bytes} bytes are read`);
});

Deno.test("ParquetCells reads a page once that is larger than what it keeps", () => {
  const counts = counted();
  const path = fixture("gzip");
  // Beside each value its path is read, which lies in a page of its own.
  const options = { keptBytes: 300, open: counts.open };
  allCells(path, options);
  const { size } = Deno.statSync(path);
  assert.ok(counts.bytes < 3 * size, `${counts.bytes} bytes are read of ${size}`);
});

Deno.test("ParquetCells survives bytes changed anywhere in pages that are read value by value", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "damaged.parquet");
  const flips = fc.array(fc.tuple(fc.nat(1 << 22), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.constantFrom("default", "plain", "checksums"), flips, (name, flips) => {
      const bytes = Deno.readFileSync(fixture(name));
      for (const [at, value] of flips) bytes[at % bytes.length] = value;
      Deno.writeFileSync(path, bytes);
      const cells = new ParquetCells(EACH_VALUE);
      for (let row = 0; row < ROWS; row++) {
        try {
          cells.read(path, { row, column });
        } catch (error) {
          assert.ok(error instanceof DamagedCellError, String(error));
        }
      }
    }),
    { numRuns: 100 },
  );
});
