import assert from "node:assert/strict";
import { openParquet } from "../../lib/parquet/open.ts";
import { rowGroupRanges } from "../../lib/parquet/ranges.ts";
import { readColumns } from "../../lib/parquet/read_columns.ts";
import { fixtureBytes, memoryBuffer, openFixture } from "./fixture.ts";

Deno.test("rowGroupRanges() of all row groups are the whole file but its ends", async () => {
  const file = await openFixture("zstd.parquet");
  const ranges = file.rowGroups.flatMap((group) => rowGroupRanges(file, group));
  assert.deepEqual(ranges.map(({ start }) => start), [4, ranges[0]?.end, ranges[1]?.end]);
});

for (const name of ["zstd.parquet", "v2.parquet"]) {
  Deno.test(`rowGroupRanges() and the footer are all that is read of ${name}`, async () => {
    const bytes = fixtureBytes(name);
    const whole = await openFixture(name);
    const group = whole.rowGroups[1];
    assert.ok(group);
    const sparse = new Uint8Array(bytes.length);
    for (const { start, end } of [whole.footer, ...rowGroupRanges(whole, group, ["audio", "id"])]) {
      sparse.set(bytes.subarray(start, end), start);
    }
    const file = await openParquet(memoryBuffer(sparse).buffer, name);
    const values = await readColumns(file, group, [["audio"], ["id"]]);
    const expected = await readColumns(whole, group, [["audio"], ["id"]]);
    for (let row = 0; row < 4; row++) {
      assert.deepEqual(values.at("audio", row), expected.at("audio", row));
      assert.equal(values.at("id", row), 4 + row);
    }
    await assert.rejects(readColumns(file, group, [["text"]]));
  });
}
