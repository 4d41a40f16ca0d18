import assert from "node:assert/strict";
import { SpeechmillError } from "../../lib/errors.ts";
import { openParquet } from "../../lib/parquet/open.ts";
import { readColumns } from "../../lib/parquet/read_columns.ts";
import { RowGroupError } from "../../lib/parquet/row_group_error.ts";
import { fixtureBytes, memoryBuffer, openFixture, rowsOf } from "./fixture.ts";

const CODECS = ["none", "snappy", "gzip", "brotli", "zstd", "lz4", "v2", "no_statistics"];

for (const codec of CODECS) {
  Deno.test(`readColumns() reads every type of value of ${codec}.parquet`, async () => {
    const file = await openFixture(`${codec}.parquet`);
    const rows = await rowsOf(file, ["id", "text", "speaker", "tags", "big", "small", "score"]);
    assert.deepEqual(rows.slice(0, 6), [
      [0, "eins", "ann", ["x", null], 2n ** 63n - 1n, -5, 0],
      [1, "", "bob", [], 2n ** 63n - 2n, -4, 0.25],
      [2, null, null, null, 2n ** 63n - 3n, -3, 0.5],
      [3, "日本語", "ann", ["y"], 2n ** 63n - 4n, -2, 0.75],
      [4, "a\nb", "bob", ["z"], 2n ** 63n - 5n, -1, 1],
      [5, "\ufeffmark", "ann", ["x", null], 2n ** 63n - 6n, 0, 1.25],
    ]);
    assert.equal(rows.length, 10);
    assert.equal(rows[6]?.[1], "é".repeat(300));
    const others = await rowsOf(file, ["words", "clean", "price", "nothing"]);
    assert.deepEqual(others.slice(0, 3), [
      [[{ w: "a", at: [1, 2] }], true, null, null],
      [null, false, null, null],
      [[{ w: "a", at: [1, 2] }], null, null, null],
    ]);
  });
}

Deno.test("readColumns() reads a struct, or one field of it", async () => {
  const file = await openFixture("none.parquet");
  const [group] = file.rowGroups;
  assert.ok(group);
  const whole = await readColumns(file, group, [["audio"]]);
  const value = Object(whole.at("audio", 1));
  assert.equal(value.path, "1.wav");
  assert.deepEqual(value.bytes.subarray(44), new Uint8Array([1, 0, 1, 0, 1, 0, 1, 0]));
  const field = await readColumns(file, group, [["audio", "path"], ["id"]]);
  assert.deepEqual([0, 1].map((row) => field.at("audio", row)), [
    { path: "0.wav" },
    { path: "1.wav" },
  ]);
  assert.equal(field.at("id", 3), 3);
});

Deno.test("readColumns() tells a null struct from one with a null in it", async () => {
  const file = await openFixture("places.parquet");
  const [group] = file.rowGroups;
  assert.ok(group);
  const values = await readColumns(file, group, [["audio", "path"]]);
  assert.deepEqual([0, 1, 2, 3, 4].map((row) => values.at("audio", row)), [
    { path: null },
    { path: "b.wav" },
    null,
    { path: null },
    { path: "e.wav" },
  ]);
});

Deno.test("readColumns() asks a remote file once for columns that lie together", async () => {
  const { buffer, reads } = memoryBuffer(fixtureBytes("none.parquet"));
  const file = await openParquet(buffer, "none.parquet");
  reads.length = 0;
  const [group] = file.rowGroups;
  assert.ok(group);
  await readColumns(file, group, [["id"], ["text"], ["audio", "path"], ["score"]]);
  assert.equal(reads.length, 1);
});

Deno.test("readColumns() gives text that is not UTF-8 as its bytes, and keeps its neighbours", async () => {
  const file = await openFixture("damaged.parquet");
  const [group] = file.rowGroups;
  assert.ok(group);
  const values = await readColumns(file, group, [["text"]]);
  assert.deepEqual([0, 1, 2].map((row) => values.at("text", row)), [
    "text 0",
    new Uint8Array([0xff, 0xfe]),
    "text 2",
  ]);
});

Deno.test("readColumns() names the row group and the file where pages are damaged", async () => {
  const file = await openFixture("damaged.parquet");
  const results = await Promise.allSettled(
    file.rowGroups.map((group) => readColumns(file, group, [["text"]])),
  );
  assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
  const reason = results[1]?.status === "rejected" ? results[1].reason : null;
  assert.ok(reason instanceof RowGroupError);
  assert.match(reason.message, /^Cannot read row group 1 of 'damaged\.parquet': its pages are dam/);
});

Deno.test("readColumns() passes on what the network says as it is", async () => {
  const file = await openFixture("none.parquet");
  const error = new SpeechmillError("Cannot reach the Hub");
  const cut = { ...file, buffer: { byteLength: 1, slice: () => Promise.reject(error) } };
  const [group] = file.rowGroups;
  assert.ok(group);
  await assert.rejects(readColumns(cut, group, [["text"]]), (thrown) => thrown === error);
});

Deno.test("readColumns() ends for any damage, with values or an error", async () => {
  // Of these, hyparquet alone writes without end for some.
  let seed = 7;
  const random = (limit: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor(seed / 2147483648 * limit);
  };
  const whole = fixtureBytes("v2.parquet");
  let errors = 0;
  for (let round = 0; round < 150; round++) {
    const bytes = whole.slice();
    for (let flips = 0; flips <= random(5); flips++) bytes[random(3000)] = random(256);
    const file = await openParquet(memoryBuffer(bytes).buffer, "v2.parquet");
    for (const group of file.rowGroups) {
      for (const { name } of file.columns) {
        const read = await readColumns(file, group, [[name]]).catch((error) => error);
        if (read instanceof Error) {
          assert.ok(read instanceof RowGroupError, String(read));
          errors += 1;
        } else assert.equal(read.rows, group.rows);
      }
    }
  }
  assert.ok(errors > 50);
});
