import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import { readLines } from "../../lib/protocol/lines.ts";

/** What comes of bytes that are cut at these places: lines, chunk by chunk. */
async function groups(bytes: Uint8Array, cuts: readonly number[]): Promise<string[][]> {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b)];
  const chunks = places.map((from, i) => bytes.slice(from, places[i + 1] ?? bytes.length));
  return await Array.fromAsync(readLines(ReadableStream.from(chunks)));
}

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("readLines() gives every whole line, wherever the bytes are cut", async () => {
  const line = fc.string({ unit: "binary" }).map((text) =>
    text.toWellFormed().replaceAll("\n", "").replaceAll("\ufeff", "")
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat(500)), async (lines, cuts) => {
      const bytes = encode(lines.map((line) => `${line}\n`).join(""));
      assert.deepEqual((await groups(bytes, cuts)).flat(), lines);
    }),
  );
});

Deno.test("readLines() keeps a character whole that is cut between chunks", async () => {
  const bytes = encode("🎙️ größer\n");
  for (let cut = 1; cut < bytes.length; cut++) {
    assert.deepEqual((await groups(bytes, [cut])).flat(), ["🎙️ größer"]);
  }
});

Deno.test("readLines() gives the lines of one chunk together", async () => {
  assert.deepEqual(await groups(encode("a\nb\nc\nd"), []), [["a", "b", "c"]]);
  assert.deepEqual(await groups(encode("a\nb\nc\nd\n"), [5]), [["a", "b"], ["c", "d"]]);
});

Deno.test("readLines() drops a last line without its end: its writer died in the middle of it", async () => {
  assert.deepEqual((await groups(encode('{"a":1}\n{"b":'), [3])).flat(), ['{"a":1}']);
  assert.deepEqual((await groups(encode("torn"), [2])).flat(), []);
  assert.deepEqual((await groups(encode(""), [])).flat(), []);
});

Deno.test("readLines() keeps empty lines and carriage returns", async () => {
  assert.deepEqual((await groups(encode("\n\r\n\n"), [1])).flat(), ["", "\r", ""]);
});
