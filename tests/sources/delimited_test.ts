import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import {
  type DelimitedFormat,
  type DelimitedRecord,
  readRecords,
} from "../../lib/sources/delimited.ts";
import type { Line, LineBatch } from "../../lib/sources/lines.ts";

const CSV: DelimitedFormat = { delimiter: ",", quotes: true };

async function* inBatches(
  lines: readonly Line[],
  size: number,
): AsyncGenerator<LineBatch> {
  for (let start = 0; start < lines.length; start += size) {
    await Promise.resolve();
    yield { firstLine: start + 1, lines: lines.slice(start, start + size) };
  }
}

async function recordsOf(
  lines: readonly Line[],
  format: DelimitedFormat = CSV,
  batchSize = 2,
): Promise<DelimitedRecord[]> {
  const batches = readRecords(inBatches(lines, batchSize), format);
  return (await Array.fromAsync(batches)).flat();
}

/** Cells of records; the problem of what is none. */
async function shortRecords(lines: readonly Line[], format = CSV) {
  return (await recordsOf(lines, format)).map((record) =>
    record.kind === "record" ? [record.line, ...record.cells] : [record.line, record.problem]
  );
}

Deno.test("readRecords() reads quoted cells by RFC 4180", async () => {
  assert.deepEqual(
    await shortRecords([
      'a,"b, c","say ""hi"""\r',
      "",
      '1,"two\r',
      "",
      'lines",""\r',
      'x"y,in "the" middle,z',
      "last,,",
    ]),
    [
      [1, "a", "b, c", 'say "hi"'],
      [3, "1", "two\r\n\nlines", ""],
      [6, 'x"y', 'in "the" middle', "z"],
      [7, "last", "", ""],
    ],
  );
});

Deno.test("readRecords() takes quotes for text where cells have none", async () => {
  assert.deepEqual(
    await shortRecords(['"a|b"|c', "\r", '"'], {
      delimiter: "|",
      quotes: false,
    }),
    [[1, '"a', 'b"', "c"], [3, '"']],
  );
});

Deno.test("readRecords() loses one line to a stray quote", async () => {
  assert.deepEqual(
    await shortRecords(['1,"stray', "2,b", '3,"c"', '4,"open', "5,e"]),
    [
      [1, "text follows a closing quote"],
      [2, "2", "b"],
      [3, "3", "c"],
      [4, "a quote is opened in it and never closed"],
      [5, "5", "e"],
    ],
  );
});

Deno.test("readRecords() gives a quote up after a thousand lines", async () => {
  const lines = ['1,"stray', ...Array<string>(2000).fill("2,b"), '3,"'];
  const records = await recordsOf(lines, CSV, 100);
  assert.deepEqual(records[0], {
    kind: "broken",
    line: 1,
    problem: "a quote is opened in it and not closed within 1000 lines",
  });
  assert.equal(records.length, 2002);
  assert.deepEqual(records[1], { kind: "record", line: 2, cells: ["2", "b"] });
});

Deno.test("readRecords() reports broken lines, inside quotes too", async () => {
  const broken = { problem: "it is not valid UTF-8" };
  assert.deepEqual(await shortRecords(["1,a", broken, '3,"b', broken, '"', "6"]), [
    [1, "1", "a"],
    [2, "it is not valid UTF-8"],
    [3, "a quote is opened in it and a broken line follows"],
    [4, "it is not valid UTF-8"],
    [5, "a quote is opened in it and never closed"],
    [6, "6"],
  ]);
});

Deno.test("readRecords() reads back what RFC 4180 writes, however it is batched", async () => {
  const cell = fc.string({
    unit: fc.constantFrom("a", '"', ",", "\n", "\r", " ", "ü"),
    maxLength: 6,
  });
  const row = fc.array(cell, { minLength: 2, maxLength: 4 });
  await fc.assert(fc.asyncProperty(
    fc.array(row, { minLength: 1, maxLength: 6 }),
    fc.integer({ min: 1, max: 4 }),
    fc.constantFrom("\n", "\r\n"),
    async (rows, batchSize, end) => {
      const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const written = rows.map((cells) => cells.map(quoted).join(",")).join(end);
      const records = await recordsOf(written.split("\n"), CSV, batchSize);
      assert.deepEqual(
        records.map((record) => record.kind === "record" ? record.cells : null),
        rows,
      );
    },
  ));
});
