import assert from "node:assert/strict";
import { parquetWriteBuffer } from "../../lib/npm/hyparquet_writer.ts";
import { parquetSource } from "../../lib/sources/parquet.ts";
import { localParquet } from "../../lib/sources/parquet_input.ts";
import { Fixture } from "./fixture.ts";

const ROWS = 3000;

Deno.test("parquetSource() leaves time for signals and timers, whether rows are taken or not", async () => {
  using fixture = new Fixture();
  const path = `${fixture.folder}/text.parquet`;
  const text = Array.from({ length: ROWS }, (_, row) => `line ${row}`);
  const options = { columnData: [{ name: "text", data: text }], rowGroupSize: 1500 };
  Deno.writeFileSync(path, new Uint8Array(parquetWriteBuffer(options)));
  for (const where of [{}, { text: "none" }]) {
    const rows = { columns: null, where, idPrefix: "set", audioRoot: [] };
    const source = parquetSource({ files: [localParquet(path)], label: path, rows });
    let hasTurned = false;
    const timer = setTimeout(() => hasTurned = true, 0);
    let count = 0;
    for await (const item of source.list()) count += item.kind === "excluded" ? item.count : 1;
    clearTimeout(timer);
    assert.equal(count, ROWS);
    assert.ok(hasTurned);
  }
});
