import assert from "node:assert/strict";
import { SpeechmillError, UsageError } from "../../lib/errors.ts";
import { parquetWriteBuffer } from "../../lib/npm/hyparquet_writer.ts";
import { openParquet } from "../../lib/parquet/open.ts";
import { describeColumns } from "../../lib/sources/row_columns.ts";
import { mapRowFields } from "../../lib/sources/row_mapping.ts";
import { fixtureBytes, memoryBuffer, openFixture } from "./fixture.ts";

Deno.test("openParquet() describes columns in words, and where row groups begin", async () => {
  const file = await openFixture("zstd.parquet");
  assert.equal(
    describeColumns(file.columns),
    "it has 'id' (whole number), 'text' (text), 'speaker' (text), " +
      "'audio' (struct{bytes, path}), 'tags' (list of text), " +
      "'words' (list of struct{w: text, at: list of whole number}), 'big' (whole number), " +
      "'small' (whole number), 'score' (number), 'clean' (true or false), 'when' (timestamp), " +
      "'price' (decimal), 'nothing' (null)",
  );
  const score = file.columns.find(({ name }) => name === "score");
  assert.deepEqual(score?.type, { kind: "number", precision: "single" });
  assert.equal(file.rows, 10);
  assert.deepEqual(file.rowGroups, [
    { index: 0, firstRow: 0, rows: 4 },
    { index: 1, firstRow: 4, rows: 4 },
    { index: 2, firstRow: 8, rows: 2 },
  ]);
});

Deno.test("openParquet() knows what datasets declares about columns", async () => {
  const { columns } = await openFixture("dataset/data/train-00000-of-00002.parquet");
  assert.deepEqual(columns.map(({ name, feature, labels }) => [name, feature, labels]), [
    ["audio", "Audio", null],
    ["text", null, null],
    ["speaker", "ClassLabel", ["george", "jackson", "lucas"]],
  ]);
});

Deno.test("openParquet() takes bytes of a fixed length for no audio", async () => {
  const bytes = parquetWriteBuffer({
    columnData: [{ name: "audio", data: [new Uint8Array(4)] }],
    schema: [
      { name: "root", num_children: 1 },
      { name: "audio", type: "FIXED_LEN_BYTE_ARRAY", type_length: 4, repetition_type: "REQUIRED" },
    ],
  });
  const { columns } = await openParquet(memoryBuffer(new Uint8Array(bytes)).buffer, "a.parquet");
  const rows = { columns: null, where: {} };
  assert.throws(() => mapRowFields({ label: "a.parquet", columns, rows }), {
    name: "UsageError",
    message:
      /column 'audio' for 'audio' is bytes of a fixed length: expected struct\{bytes, path\}/,
  });
});

Deno.test("openParquet() reads nothing but the footer, and says where it lies", async () => {
  const bytes = fixtureBytes("zstd.parquet");
  const padded = new Uint8Array(1 << 20);
  padded.set(bytes, padded.length - bytes.length);
  const length = new DataView(bytes.buffer).getUint32(bytes.length - 8, true);
  const { buffer, reads } = memoryBuffer(padded);
  const { footer } = await openParquet(buffer, "a.parquet");
  assert.deepEqual(footer, { start: padded.length - 8 - length, end: padded.length });
  assert.deepEqual(reads, [[padded.length - (1 << 19), padded.length]]);
});

Deno.test("openParquet() says what is wrong with a file that is none", async () => {
  const whole = fixtureBytes("zstd.parquet");
  const flipped = whole.slice();
  const { footer } = await openFixture("zstd.parquet");
  flipped.fill(0xff, footer.start, footer.start + 40);
  const cases: [Uint8Array<ArrayBuffer>, RegExp][] = [
    [new Uint8Array(0), /^Cannot read 'a': it has 0 bytes and is no Parquet file: fetch/],
    [whole.slice(0, 5000), /^Cannot read 'a': it does not end as a Parquet file does: it is cut/],
    [flipped, /^Cannot read 'a': its footer is damaged/],
    [
      whole.slice(1000),
      /^Cannot read 'a': its footer is damaged: column '.*' of row group . lies outside/,
    ],
  ];
  for (const [bytes, message] of cases) {
    await assert.rejects(openParquet(memoryBuffer(bytes).buffer, "a"), (error: Error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("openParquet() passes on what the network says as it is", async () => {
  const error = new SpeechmillError("Cannot reach the Hub");
  const buffer = { byteLength: 1000, slice: () => Promise.reject(error) };
  await assert.rejects(openParquet(buffer, "a"), (thrown) => thrown === error);
});
