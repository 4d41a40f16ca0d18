import assert from "node:assert/strict";
import { parquetMetadata } from "../../lib/npm/hyparquet.ts";
import { parquet } from "../../lib/shards/parquet.ts";
import { sealTable, shardPath, SMALL, type Table } from "../support/shards.ts";
import { temporaryDirectory } from "../support/temporary_directory.ts";

const format = parquet();

/** Seals a table; the footer of its file, and a way to read it back. */
async function sealed(table: Table) {
  using directory = temporaryDirectory();
  await sealTable(table, { format, directory: directory.path });
  const path = shardPath(directory.path, format);
  const { buffer } = Deno.readFileSync(path);
  const rows = await Array.fromAsync(format.read(path, table.columns));
  return { metadata: parquetMetadata(buffer), rows };
}

Deno.test("parquet() writes lists of three levels, and every column may be null", async () => {
  const { metadata } = await sealed(SMALL);
  const fields = metadata.schema.map(({ name, type, repetition_type, converted_type }) =>
    [name, repetition_type, type ?? converted_type].filter(Boolean).join(" ")
  );
  assert.deepEqual(fields, [
    "schema",
    "id OPTIONAL BYTE_ARRAY",
    "text OPTIONAL BYTE_ARRAY",
    ...["coarse OPTIONAL LIST", "list REPEATED", "element OPTIONAL INT32"],
    ...["fine OPTIONAL LIST", "list REPEATED", "element OPTIONAL INT32"],
    "samples OPTIONAL INT64",
    "seconds OPTIONAL DOUBLE",
    "clean OPTIONAL BOOLEAN",
    // Null in every row, and still of its type.
    "speaker OPTIONAL BYTE_ARRAY",
  ]);
  const texts = metadata.schema.filter(({ type }) => type === "BYTE_ARRAY");
  for (const { logical_type } of texts) assert.equal(logical_type?.type, "STRING");
});

Deno.test("parquet() tells datasets the features, in words that all of its versions know", async () => {
  const { metadata } = await sealed(SMALL);
  const [entry, ...others] = metadata.key_value_metadata ?? [];
  assert.deepEqual(others, []);
  assert.equal(entry?.key, "huggingface");
  const { info } = JSON.parse(entry?.value ?? "");
  const value = (dtype: string) => ({ dtype, _type: "Value" });
  const tokens = { feature: value("int32"), _type: "Sequence" };
  assert.deepEqual(info.features, {
    ...{ id: value("string"), text: value("string"), coarse: tokens, fine: tokens },
    ...{ samples: value("int64"), seconds: value("float64"), clean: value("bool") },
    speaker: value("string"),
  });
});

Deno.test("parquet() ends a row group at 1000 rows, half a million tokens, 8 million characters", async () => {
  const groups = async (table: Table) => {
    const { metadata, rows } = await sealed(table);
    assert.deepEqual(rows, table.rows);
    return metadata.row_groups.map((group) => Number(group.num_rows));
  };
  const id = { name: "id", type: "string" } as const;
  const codes = { name: "codes", type: "tokens", maximum: 1023 } as const;
  const many = Array.from({ length: 2500 }, (_, i) => ({ id: `${i}` }));
  assert.deepEqual(await groups({ columns: [id], rows: many }), [1000, 1000, 500]);
  const tokens = Array.from({ length: 90_000 }, (_, i) => i * 7919 % 1024);
  const long = Array.from({ length: 8 }, (_, i) => ({ id: `${i}`, codes: tokens }));
  assert.deepEqual(await groups({ columns: [id, codes], rows: long }), [6, 2]);
  const wordy = Array.from({ length: 5 }, (_, i) => ({ id: `${i}${"ü".repeat(3_000_000)}` }));
  assert.deepEqual(await groups({ columns: [id], rows: wordy }), [3, 2]);
});

Deno.test("parquet() takes a level of Zstandard", async () => {
  using directory = temporaryDirectory();
  const rows = Array.from(
    { length: 900 },
    (_, i) => ({ id: `${i * 7919 % 10007} of ${i * i % 10007}` }),
  );
  const table: Table = { columns: [{ name: "id", type: "string" }], rows };
  const bytes: number[] = [];
  for (const level of [1, 19]) {
    const written = await sealTable(table, {
      format: parquet({ level }),
      directory: directory.path,
    });
    bytes.push(written.bytes);
  }
  assert.ok((bytes[1] ?? 0) < (bytes[0] ?? 0));
});

Deno.test("reading Parquet notices a flipped bit in the pages of any column, after the groups before", async () => {
  using directory = temporaryDirectory();
  const rows = Array.from({ length: 1200 }, (_, i) => ({ ...SMALL.rows[i % 3], id: `row ${i}` }));
  await sealTable({ ...SMALL, rows }, { format, directory: directory.path });
  const path = shardPath(directory.path, format);
  const whole = Deno.readFileSync(path);
  const { row_groups: [, second] } = parquetMetadata(whole.buffer);
  for (const { meta_data: page } of second?.columns ?? []) {
    const end = Number(page?.data_page_offset) + Number(page?.total_compressed_size);
    const dictionary = Number(page?.data_page_offset) - Number(page?.dictionary_page_offset ?? 0);
    const at = page?.dictionary_page_offset === undefined ? end - 1 : end - dictionary - 1;
    Deno.writeFileSync(path, whole.with(at, (whole[at] ?? 0) ^ 1));
    await assert.rejects(
      () => Array.fromAsync(format.read(path, SMALL.columns)),
      /after row 1000: /,
      page?.path_in_schema.join("."),
    );
  }
});

Deno.test("reading Parquet names a column that is not there", async () => {
  using directory = temporaryDirectory();
  await sealTable(SMALL, { format, directory: directory.path });
  const path = shardPath(directory.path, format);
  const columns = [...SMALL.columns, { name: "language", type: "string" }] as const;
  await assert.rejects(
    () => Array.fromAsync(format.read(path, columns)),
    /after row 0: it has no column 'language'/,
  );
});
