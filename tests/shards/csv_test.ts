import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import type { Column } from "../../lib/shards/column.ts";
import { csv } from "../../lib/shards/csv.ts";
import { readCsvRecords } from "../../lib/shards/csv_records.ts";
import { sealTable, shardPath, SMALL } from "../support/shards.ts";
import { temporaryDirectory } from "../support/temporary_directory.ts";

const format = csv();
const COLUMNS: readonly Column[] = [
  { name: "id", type: "string" },
  { name: "n", type: "int64" },
  { name: "codes", type: "tokens" },
];

/** Records of a text that comes in pieces of so many bytes. */
async function records(text: string, size = 3) {
  const bytes = new TextEncoder().encode(text);
  const pieces = async function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  };
  return await Array.fromAsync(readCsvRecords(pieces()));
}

Deno.test("csv() writes what RFC 4180 says, tokens as JSON, null as nothing, no text as quotes", async () => {
  using directory = temporaryDirectory();
  await sealTable(SMALL, { format, directory: directory.path });
  assert.deepEqual(Deno.readTextFileSync(shardPath(directory.path, format)).split("\n"), [
    "id,text,coarse,fine,samples,seconds,clean,speaker",
    'a/ü.1,"\ufeffHe said: ""yes,',
    'no""","[1,1023,0]",[156938],9007199254740992,0.1,true,',
    'b,"",[],[],,,,',
    `${"c".repeat(200)},,[7],"[128266,5]",-3,1e+300,false,`,
    "",
  ]);
});

Deno.test("readCsvRecords() tells quotes from none, wherever the text is cut", async () => {
  const text = 'a,"b ""c"", d"\n,""\n"über\n\r\nLänge",😀\n';
  const plain = (text: string) => ({ text, isQuoted: false });
  const quoted = (text: string) => ({ text, isQuoted: true });
  for (let size = 1; size < 40; size++) {
    assert.deepEqual(await records(text, size), [
      [plain("a"), quoted('b "c", d')],
      [plain(""), quoted("")],
      [quoted("über\n\r\nLänge"), plain("😀")],
    ]);
  }
});

Deno.test("readCsvRecords() reads back any cells in quotes", async () => {
  const cell = fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", "a", "ü"), maxLength: 8 });
  const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 });
  await fc.assert(fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async (rows, size) => {
    const lines = rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join());
    const found = await records(lines.map((line) => `${line}\n`).join(""), size);
    assert.deepEqual(found.map((row) => row.map(({ text }) => text)), rows);
  }));
});

Deno.test("readCsvRecords() refuses what is not well formed", async () => {
  const broken: readonly (readonly [text: string, expected: RegExp])[] = [
    ['a"b\n', /a cell lacks its quotes/],
    ["a\rb\n", /a cell lacks its quotes/],
    ['"a" b\n', /text follows a closing quote/],
    ['"a\n', /its last line has no end/],
    ["a", /its last line has no end/],
  ];
  for (const [text, expected] of broken) await assert.rejects(() => records(text), expected);
  const notUtf8 = async function* () {
    yield Uint8Array.of(0xff, 0x0a);
  };
  await assert.rejects(() => Array.fromAsync(readCsvRecords(notUtf8())), TypeError);
});

Deno.test("reading CSV takes each cell for what its column holds, or says what is wrong", async () => {
  using directory = temporaryDirectory();
  const path = shardPath(directory.path, format);
  const read = (text: string) => {
    Deno.writeTextFileSync(path, text);
    return Array.fromAsync(format.read(path, COLUMNS));
  };
  assert.deepEqual(await read('id,n,codes\n1,-5,"[1,2]"\n'), [{ id: "1", n: -5, codes: [1, 2] }]);
  const broken: readonly (readonly [text: string, expected: RegExp])[] = [
    ["", /after row 0: it has no header/],
    ["id,codes\n", /after row 0: its columns are id, codes, not id, n, codes/],
    ["id,n,codes\na,1,[]\nb,2\n", /after row 1: the next row has 2 cells of 3/],
    ["id,n,codes\na,x,[]\n", /after row 0: .*'n' of the type int64 holds null/],
    ["id,n,codes\na, 1,[]\n", /after row 0: .*'n' of the type int64 holds " 1"/],
    ['id,n,codes\na,"",[]\n', /after row 0: .*'n' of the type int64 holds ""/],
    ["id,n,codes\na,1.5,[]\n", /after row 0: .*'n' of the type int64 holds 1.5/],
    ["id,n,codes\na,1,\n", /after row 0: .*'codes' of the type tokens holds null/],
    ["id,n,codes\na,1,[1\n", /after row 0: .*JSON/],
  ];
  for (const [text, expected] of broken) await assert.rejects(() => read(text), expected);
});
