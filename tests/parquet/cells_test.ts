import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "../../lib/npm/fast_check.ts";
import { parquetWriteBuffer } from "../../lib/npm/hyparquet_writer.ts";
import { cellGroups } from "../../lib/parquet/cell_column.ts";
import { type Cell, DamagedCellError, ParquetCells, readFooter } from "../../lib/parquet/cells.ts";
import { ChunkPages } from "../../lib/parquet/chunk_pages.ts";
import { type FileBuffer, openFileBuffer } from "../../lib/parquet/file_buffer.ts";
import { temporaryDirectory } from "../support/run_once.ts";

const ROWS = 60;
const column = "audio";

function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/cells/${name}.parquet`, import.meta.url));
}

/** What `tests/fixtures/make_cells.py` wrote into a row. */
function content(row: number): Uint8Array {
  return Uint8Array.from({ length: row * 3 }, (_, k) => (31 * row + 7 * k) % 256);
}

function expectedStruct(row: number): Cell {
  const isNull = row % 11 === 3;
  return {
    bytes: isNull || row % 11 === 5 ? null : new Uint8Array(content(row)),
    path: isNull || row % 11 === 7 ? null : `${row}.wav`,
  };
}

/** A copy: what is read is good until the next read. */
function readCell(cells: ParquetCells, path: string, row: number): Cell {
  const { bytes, path: name } = cells.read(path, { row, column });
  return { bytes: bytes === null ? null : bytes.slice(), path: name };
}

const STRUCTS = [
  ...["default", "plain", "small_pages", "checksums", "version_2", "version_2_dictionary"],
  ...["gzip", "lz4", "lengths_first", "shared_prefixes"],
];

for (const name of STRUCTS) {
  Deno.test(`ParquetCells reads structs as Arrow writes them: ${name}`, () => {
    const cells = new ParquetCells();
    const path = fixture(name);
    for (let row = 0; row < ROWS; row++) {
      assert.deepEqual(readCell(cells, path, row), expectedStruct(row), `row ${row}`);
    }
  });
}

Deno.test("ParquetCells reads a damaged footer once, not for each of its rows", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "damaged.parquet");
  const bytes = Deno.readFileSync(fixture("default"));
  Deno.writeFileSync(path, bytes.fill(0xff, bytes.length - 60, bytes.length - 8));
  let reads = 0;
  const open = (path: string): FileBuffer => {
    const file = openFileBuffer(path);
    return { ...file, slice: (start, end) => (reads++, file.slice(start, end)) };
  };
  const cells = new ParquetCells({ open });
  assert.throws(() => cells.read(path, { row: 0, column }), DamagedCellError);
  const first = reads;
  assert.throws(() => cells.read(path, { row: 1, column }), DamagedCellError);
  assert.deepEqual([first > 0, reads], [true, first]);
});

Deno.test("ParquetCells reads rows in any order, of several files in turn", () => {
  const cells = new ParquetCells();
  const place = fc.tuple(fc.constantFrom(...STRUCTS), fc.nat(ROWS - 1));
  fc.assert(fc.property(fc.array(place, { maxLength: 30 }), (places) => {
    for (const [name, row] of places) {
      assert.deepEqual(readCell(cells, fixture(name), row), expectedStruct(row));
    }
  }));
});

Deno.test("ParquetCells reads columns of bytes and of paths", () => {
  const cells = new ParquetCells();
  for (const row of [0, 24, 25, 59]) {
    assert.deepEqual(readCell(cells, fixture("bytes"), row), {
      bytes: new Uint8Array(content(row)),
      path: null,
    });
    assert.deepEqual(readCell(cells, fixture("paths"), row), { bytes: null, path: `${row}.wav` });
  }
});

Deno.test("ParquetCells says what a file does not have", () => {
  const cells = new ParquetCells();
  const read = (name: string, row: number, column: string) => () =>
    cells.read(fixture(name), { row, column });
  assert.throws(read("default", 60, "audio"), /DamagedCellError: the file has 60 rows$/);
  assert.throws(read("default", 0, "sound"), /schema element not found: sound/);
  assert.throws(read("default", 0, "id"), /its column 'id' holds neither bytes nor structs/);
  assert.throws(read("lists", 0, "audio"), /its column 'audio' holds neither bytes nor structs/);
  assert.throws(() => cells.read("/no/such.parquet", { row: 0, column }), { code: "ENOENT" });
});

/** Reads all rows; those that cannot be read are damaged, and nothing else. */
function readable(path: string): boolean[] {
  const cells = new ParquetCells();
  return Array.from({ length: ROWS }, (_, row) => {
    try {
      return cells.read(path, { row, column }) !== null;
    } catch (error) {
      assert.ok(error instanceof DamagedCellError, String(error));
      return false;
    }
  });
}

Deno.test("ParquetCells loses to a changed byte under a checksum the rows of its page alone", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "damaged.parquet");
  const bytes = Deno.readFileSync(fixture("checksums"));
  const at = findBytes(bytes, content(40)) + 50;
  bytes[at]! ^= 1;
  Deno.writeFileSync(path, bytes);
  const lost = readable(path).flatMap((isRead, row) => isRead ? [] : [row]);
  assert.ok(lost.includes(40) && lost.length <= 5, lost.join());
  assert.throws(
    () => new ParquetCells().read(path, { row: 40, column }),
    /row group 1 is damaged in column 'audio': the checksum of a page is not that of its bytes/,
  );
});

for (const name of ["none", "v2"]) {
  Deno.test(`ParquetCells believes no run that is longer than its page: ${name}`, () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "damaged.parquet");
    const bytes = Deno.readFileSync(
      new URL(`../fixtures/parquet/${name}.parquet`, import.meta.url),
    );
    // Behind the length of the levels, which the second version has in the header: a run of 2^25.
    bytes.set([0x80, 0x80, 0x80, 0x20], firstPage(path, bytes) + (name === "none" ? 4 : 0));
    Deno.writeFileSync(path, bytes);
    assert.throws(
      () => new ParquetCells().read(path, { row: 0, column }),
      /row group 0 is damaged in column 'audio': a run of values is longer than its page/,
    );
  });
}

/** Where the first page of the first row group begins, behind its header. */
function firstPage(path: string, bytes: Uint8Array): number {
  Deno.writeFileSync(path, bytes);
  using file = openFileBuffer(path);
  const [group] = cellGroups(readFooter(file), column);
  assert.ok(group?.bytes);
  return new ChunkPages(group.bytes).find(file, 0).offset;
}

Deno.test("ParquetCells tells the field of a struct from a column whose name has a dot", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "dots.parquet");
  const bytes = new Uint8Array([1, 2, 3]);
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: "audio.bytes", data: [new Uint8Array([9])] },
      { name: "audio", data: [{ bytes, path: "a.wav" }] },
    ],
    schema: [
      { name: "root", num_children: 2 },
      { name: "audio.bytes", type: "BYTE_ARRAY", repetition_type: "OPTIONAL" },
      { name: "audio", num_children: 2, repetition_type: "OPTIONAL" },
      { name: "bytes", type: "BYTE_ARRAY", repetition_type: "OPTIONAL" },
      {
        ...{ name: "path", type: "BYTE_ARRAY", repetition_type: "OPTIONAL" },
        converted_type: "UTF8",
      },
    ],
  });
  Deno.writeFileSync(path, new Uint8Array(buffer));
  const cells = new ParquetCells();
  assert.deepEqual(readCell(cells, path, 0), { bytes, path: "a.wav" });
  assert.deepEqual(
    cells.read(path, { row: 0, column: "audio.bytes" }).bytes,
    new Uint8Array([9]),
  );
});

Deno.test("ParquetCells survives bytes changed anywhere, and files cut anywhere", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "damaged.parquet");
  const flips = fc.array(fc.tuple(fc.nat(100_000), fc.nat(255)), { maxLength: 4 });
  const name = fc.constantFrom(...STRUCTS);
  fc.assert(
    fc.property(name, flips, fc.option(fc.nat(100_000)), (name, flips, cut) => {
      const bytes = Deno.readFileSync(fixture(name));
      for (const [at, value] of flips) bytes[at % bytes.length] = value;
      Deno.writeFileSync(path, cut === null ? bytes : bytes.subarray(0, cut % bytes.length));
      readable(path);
    }),
    { numRuns: 150 },
  );
});

Deno.test("ParquetCells sees that a file was written anew", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "cells.parquet");
  const cells = new ParquetCells();
  for (const text of ["one", "another"]) {
    const data = [new TextEncoder().encode(text)];
    const columnData = [{ name: column, data, type: "BYTE_ARRAY" as const }];
    Deno.writeFileSync(path, new Uint8Array(parquetWriteBuffer({ columnData })));
    assert.equal(
      new TextDecoder().decode(cells.read(path, { row: 0, column }).bytes ?? undefined),
      text,
    );
  }
});

Deno.test("ParquetCells keeps few pages, however many rows are read", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "large.parquet");
  const data = Array.from({ length: 12 }, (_, row) => new Uint8Array(30_000).fill(row));
  const columnData = [{ name: column, data, type: "BYTE_ARRAY" as const }];
  const options = { columnData, codec: "UNCOMPRESSED" as const, rowGroupSize: 4 };
  Deno.writeFileSync(path, new Uint8Array(parquetWriteBuffer(options)));
  for (const keptBytes of [1000, 200_000]) {
    const cells = new ParquetCells({ keptBytes });
    for (let row = 0; row < data.length; row++) {
      assert.equal(cells.read(path, { row, column }).bytes?.[12345], row);
      assert.ok(cells.keptBytes <= Math.max(keptBytes, 130_000), `${cells.keptBytes} are kept`);
    }
  }
});

for (const name of ["default", "plain", "small_pages"]) {
  Deno.test(`ParquetCells reads each page once for rows in order: ${name}`, () => {
    let read = 0;
    const open = (path: string): FileBuffer => {
      const file = openFileBuffer(path);
      const slice = (start: number, end?: number) => {
        const bytes = file.slice(start, end);
        // Headers are read with some bytes to spare.
        if (bytes.byteLength !== 512) read += bytes.byteLength;
        return bytes;
      };
      const fill = (bytes: Uint8Array, start: number) => {
        read += bytes.length;
        file.fill(bytes, start);
      };
      return { ...file, slice, fill };
    };
    const cells = new ParquetCells({ open });
    for (let row = 0; row < ROWS; row++) cells.read(fixture(name), { row, column });
    assert.ok(read <= Deno.statSync(fixture(name)).size, `${read} bytes are read`);
  });
}

function findBytes(bytes: Uint8Array, part: Uint8Array): number {
  const text = (some: Uint8Array) => String.fromCharCode(...some);
  return text(bytes).indexOf(text(part));
}
