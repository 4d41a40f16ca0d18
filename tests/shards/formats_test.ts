import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { SpeechmillError } from "../../lib/errors.ts";
import fc from "../../lib/npm/fast_check.ts";
import { jsonlGz } from "../../lib/shards/jsonl_gz.ts";
import { FORMAT_NAMES } from "../../lib/shards/names.ts";
import { shardFormat, shardFormatOf } from "../../lib/shards/registry.ts";
import { temporaryDirectory } from "../support/temporary_directory.ts";
import {
  anyTable,
  FORMATS,
  publishedFiles,
  sealTable,
  shardPath,
  SMALL,
  type Table,
} from "../support/shards.ts";

/** The first 16 digits of the SHA-256 of all files that the small table makes, by their names. */
const GOLDEN = {
  "jsonl.gz": "c10673867aabb340",
  parquet: "29c170c02cce5560",
  tar: "f35360b601e93ce9",
  csv: "081046ff6a115baa",
  npy: "e03b7778f90c1bf2",
};

Deno.test("shardFormatOf() goes by the ending, and names those it knows", () => {
  for (const name of FORMAT_NAMES) {
    const { extension } = shardFormat(name);
    assert.equal(shardFormatOf(`/a/train-00000-of-00001.${extension}`).extension, extension);
  }
  assert.throws(
    () => shardFormatOf("a.zip"),
    /'a.zip': its ending is not one of .jsonl.gz, .parquet, .tar, .csv, .npy.jsonl/,
  );
});

Deno.test("shardFormat() gives jsonl.gz its level", async () => {
  using directory = temporaryDirectory();
  const rows = Array.from({ length: 2000 }, (_, i) => ({ id: `utterance ${i}` }));
  const table: Table = { columns: [{ name: "id", type: "string" }], rows };
  const sealed = (format = jsonlGz()) => sealTable(table, { format, directory: directory.path });
  const { sha256 } = await sealed(shardFormat("jsonl.gz", { gzipLevel: 1 }));
  assert.equal(sha256, (await sealed(jsonlGz(1))).sha256);
  assert.notEqual(sha256, (await sealed(shardFormat("jsonl.gz"))).sha256);
});

for (const [name, format] of FORMATS) {
  Deno.test(`${name} reads back what it wrote: any columns, any rows`, async () => {
    using directory = temporaryDirectory();
    await fc.assert(
      fc.asyncProperty(anyTable, async (table) => {
        const written = await sealTable(table, { format, directory: directory.path });
        assert.equal(written.rows, table.rows.length);
        const rows = format.read(shardPath(directory.path, format), table.columns);
        const found = await Array.fromAsync(rows);
        assert.deepEqual(found, table.rows.map((row) => ({ ...row })));
        const names = table.columns.map((column) => column.name);
        for (const row of found) assert.deepEqual(Object.keys(row), names);
      }),
      { numRuns: name === "npy" ? 25 : 100 },
    );
  });

  Deno.test(`${name} writes the same bytes, however the rows come`, async () => {
    using directory = temporaryDirectory();
    const rows = Array.from({ length: 60 }, (_, i) => ({ ...SMALL.rows[i % 3], id: `${i}.x` }));
    const contents: Record<string, string>[] = [];
    for (const page of [1, 7, 60]) {
      await sealTable({ ...SMALL, rows }, { format, directory: directory.path, page });
      contents.push(publishedFiles(directory.path));
    }
    assert.deepEqual(contents[1], contents[0]);
    assert.deepEqual(contents[2], contents[0]);
  });

  Deno.test(`${name} tells the true size, row count and SHA-256 of the file`, async () => {
    using directory = temporaryDirectory();
    const written = await sealTable(SMALL, { format, directory: directory.path });
    const bytes = Deno.readFileSync(shardPath(directory.path, format));
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    assert.deepEqual(written, { rows: 3, bytes: bytes.length, sha256 });
  });

  Deno.test(`${name} writes the bytes of the golden shard`, async () => {
    using directory = temporaryDirectory();
    await sealTable(SMALL, { format, directory: directory.path });
    const files = JSON.stringify(publishedFiles(directory.path));
    const digest = createHash("sha256").update(files).digest("hex").slice(0, 16);
    assert.equal(digest, GOLDEN[name]);
  });

  Deno.test(`${name} writes a whole file of no rows`, async () => {
    using directory = temporaryDirectory();
    const none = { ...SMALL, rows: [] };
    assert.equal((await sealTable(none, { format, directory: directory.path })).rows, 0);
    const path = shardPath(directory.path, format);
    assert.deepEqual(await Array.fromAsync(format.read(path, SMALL.columns)), []);
    assert.deepEqual(Object.keys(publishedFiles(directory.path)).length, 1);
  });

  Deno.test(`${name} can be left in the middle, and closes its file`, async () => {
    using directory = temporaryDirectory();
    await sealTable(SMALL, { format, directory: directory.path });
    for await (const row of format.read(shardPath(directory.path, format), SMALL.columns)) {
      assert.equal(row["id"], "a/ü.1");
      break;
    }
  });

  Deno.test(`${name} names the file and the last whole row where it is cut, wherever that is`, async () => {
    using directory = temporaryDirectory();
    await sealTable(SMALL, { format, directory: directory.path });
    const path = shardPath(directory.path, format);
    const whole = Deno.readFileSync(path);
    const hasLines = name === "csv" || name === "npy";
    for (let length = 0; length < whole.length; length += 1 + (whole.length >> 7)) {
      // Text that ends with a line is whole; the manifest knows how many there must be.
      if (hasLines && (length === 0 || whole[length - 1] === 0x0a)) continue;
      Deno.writeFileSync(path, whole.subarray(0, length));
      const rows: unknown[] = [];
      await assert.rejects(async () => {
        for await (const row of format.read(path, SMALL.columns)) rows.push(row);
      }, (error) => {
        assert.ok(error instanceof SpeechmillError);
        assert.ok(error.message.startsWith(`Cannot read '${path}' after row ${rows.length}: `));
        return true;
      }, `${length} of ${whole.length} bytes`);
      assert.deepEqual(rows, SMALL.rows.slice(0, rows.length));
    }
  });
}

for (const name of FORMAT_NAMES.filter((name) => name !== "jsonl.gz")) {
  Deno.test(`${name} refuses a row that does not fit its columns`, async () => {
    const { columns, rows } = SMALL;
    const unfit = [
      { samples: 1.5 },
      { samples: 2 ** 63 },
      { seconds: Infinity },
      { clean: "true" },
      { text: 3 },
      { coarse: null },
      { id: undefined },
    ];
    for (const wrong of unfit) {
      using directory = temporaryDirectory();
      const table = { columns, rows: [Object.assign({ ...rows[0] }, wrong)] };
      const [column] = Object.keys(wrong);
      await assert.rejects(
        () => sealTable(table, { format: shardFormat(name), directory: directory.path }),
        new RegExp(`'${column}'`),
      );
    }
  });
}
