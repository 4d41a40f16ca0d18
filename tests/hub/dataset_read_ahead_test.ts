import assert from "node:assert/strict";
import { ReadAhead } from "../../lib/hub/dataset/read_ahead.ts";
import { parquetMetadata } from "../../lib/npm/hyparquet.ts";
import { parquetWriteBuffer } from "../../lib/npm/hyparquet_writer.ts";
import { type ByteRange, pagesRange } from "../../lib/parquet/ranges.ts";

const BUFFER = parquetWriteBuffer({
  columnData: [
    { name: "text", data: Array.from({ length: 20 }, (_, row) => `text ${row}`) },
    { name: "speaker", data: Array.from({ length: 20 }, (_, row) => `speaker ${row}`) },
  ],
  rowGroupSize: 1,
});
const METADATA = parquetMetadata(BUFFER);

function rangeOf(group: number, column: number): ByteRange {
  const chunk = METADATA.row_groups[group]?.columns[column];
  assert.ok(chunk);
  return pagesRange(chunk);
}

function reading() {
  const asked: ByteRange[] = [];
  const ahead = new ReadAhead(METADATA, (range) => {
    asked.push(range);
    return Promise.resolve(new Uint8Array(BUFFER.slice(range.start, range.end)));
  });
  return { asked, ahead };
}

Deno.test("ReadAhead reads the same columns of the next row groups, each once", async () => {
  const { asked, ahead } = reading();
  using _ahead = ahead;
  for (let group = 0; group < 20; group++) {
    const { start, end } = rangeOf(group, 1);
    const bytes = await ahead.read({ start, end });
    assert.deepEqual(bytes, new Uint8Array(BUFFER.slice(start, end)));
    assert.equal(asked.length, Math.min(20, group + 9));
  }
  assert.deepEqual(asked, Array.from({ length: 20 }, (_, group) => rangeOf(group, 1)));
});

Deno.test("ReadAhead reads what is no column, and nothing after it", async () => {
  const { asked, ahead } = reading();
  using _ahead = ahead;
  const range = { start: 5, end: 9 };
  assert.deepEqual(await ahead.read(range), new Uint8Array(BUFFER.slice(5, 9)));
  assert.deepEqual(asked, [range]);
});

Deno.test("ReadAhead tells of an error where the range is asked for, and ends with its reader", async () => {
  const signals: AbortSignal[] = [];
  const ahead = new ReadAhead(METADATA, (range, signal) => {
    signals.push(signal);
    if (range.start === rangeOf(2, 0).start) return Promise.reject(new Error("no network"));
    return Promise.resolve(new Uint8Array(BUFFER.slice(range.start, range.end)));
  });
  await ahead.read(rangeOf(0, 0));
  await ahead.read(rangeOf(1, 0));
  await assert.rejects(ahead.read(rangeOf(2, 0)), /no network/);
  ahead[Symbol.dispose]();
  assert.ok(signals.every(({ aborted }) => aborted));
});
