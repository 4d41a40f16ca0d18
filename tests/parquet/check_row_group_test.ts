import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { checkRowGroup } from "../../lib/parquet/check_row_group.ts";
import { openFileBuffer } from "../../lib/parquet/file_buffer.ts";
import { openParquet } from "../../lib/parquet/open.ts";
import { rowGroupRanges } from "../../lib/parquet/ranges.ts";
import { RowGroupError } from "../../lib/parquet/row_group_error.ts";
import { TemporaryFolder } from "../models/temporary_folder.ts";

const CELLS = fileURLToPath(new URL("../fixtures/cells", import.meta.url));

async function check(path: string): Promise<void> {
  using buffer = openFileBuffer(path);
  const file = await openParquet(buffer, "a.parquet");
  const columns = file.columns.map(({ name }) => name);
  for (const group of file.rowGroups) checkRowGroup(buffer, file, group, columns);
}

/** A copy with some bytes of the pages of the first row group replaced. */
async function damaged(name: string, place: (start: number, end: number) => number, value: number) {
  const bytes = Deno.readFileSync(`${CELLS}/${name}`);
  using buffer = openFileBuffer(`${CELLS}/${name}`);
  const file = await openParquet(buffer, name);
  const [group] = file.rowGroups;
  assert.ok(group);
  const [range] = rowGroupRanges(file, group);
  assert.ok(range);
  const at = place(range.start, range.end);
  bytes[at] = (bytes[at] ?? 0) ^ value;
  return bytes;
}

for (const { name } of Deno.readDirSync(CELLS)) {
  Deno.test(`checkRowGroup() finds nothing wrong with ${name}`, async () => {
    await check(`${CELLS}/${name}`);
  });
}

for (
  const [what, name, place, message] of [
    ["a header that is none", "plain.parquet", (start: number) => start, /are damaged: /],
    [
      "a byte in a page with a CRC",
      "checksums.parquet",
      (start: number, end: number) => Math.floor((start + end) / 2),
      /the pages of column '.*' are damaged: the CRC of one is another/,
    ],
  ] as const
) {
  Deno.test(`checkRowGroup() throws for ${what}`, async () => {
    using folder = new TemporaryFolder();
    Deno.writeFileSync(folder.file("a.parquet"), await damaged(name, place, 0xff));
    await assert.rejects(check(folder.file("a.parquet")), (error) => {
      assert.ok(error instanceof RowGroupError);
      assert.match(error.message, message);
      return true;
    });
  });
}
