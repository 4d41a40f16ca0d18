import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import { type Line, readLines } from "../../lib/sources/lines.ts";

const encoder = new TextEncoder();

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) {
    await Promise.resolve();
    yield bytes.slice(start, start + size);
  }
}

async function linesOf(
  content: string | Uint8Array,
  chunkSize = 4,
  maxLineBytes?: number,
): Promise<Line[]> {
  const bytes = typeof content === "string" ? encoder.encode(content) : content;
  const lines: Line[] = [];
  const options = maxLineBytes === undefined ? {} : { maxLineBytes };
  for await (const batch of readLines(inChunks(bytes, chunkSize), options)) {
    assert.equal(batch.firstLine, lines.length + 1);
    lines.push(...batch.lines);
  }
  return lines;
}

Deno.test("readLines() gives the same lines however the bytes are cut into chunks", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(
      fc.string({ unit: "binary" }).map((line) => line.replaceAll("\n", "")),
    ),
    fc.integer({ min: 1, max: 40 }),
    fc.boolean(),
    async (lines, chunkSize, ends) => {
      const text = lines.join("\n") + (ends ? "\n" : "");
      const expected = text.split("\n");
      if (expected.at(-1) === "") expected.pop();
      // A byte order mark is dropped, but only at the very beginning.
      const first = expected[0];
      if (first?.startsWith("\ufeff")) expected[0] = first.slice(1);
      if (first === "\ufeff" && expected.length === 1 && !text.includes("\n")) {
        expected.pop();
      }
      assert.deepEqual(await linesOf(text, chunkSize), expected);
    },
  ));
});

Deno.test("readLines() drops a byte order mark at the beginning alone", async () => {
  for (const chunkSize of [1, 2, 3, 100]) {
    assert.deepEqual(
      await linesOf("\ufeffa\n\ufeffb\n", chunkSize),
      ["a", "\ufeffb"],
    );
  }
});

Deno.test("readLines() breaks the lines that are not UTF-8, and those alone", async () => {
  const bytes = new Uint8Array([
    ...encoder.encode("ä\n"),
    ...[0x66, 0xff, 0x0a],
    ...encoder.encode("ö\n"),
    ...[0xc3, 0x0a],
    ...encoder.encode("ü"),
  ]);
  const broken = { problem: "it is not valid UTF-8" };
  for (const chunkSize of [1, 3, 100]) {
    assert.deepEqual(
      await linesOf(bytes, chunkSize),
      ["ä", broken, "ö", broken, "ü"],
    );
  }
});

Deno.test("readLines() keeps carriage returns, NUL and U+2028 inside lines", async () => {
  assert.deepEqual(await linesOf("a\0b\r\nc\u2028d\re"), [
    "a\0b\r",
    "c\u2028d\re",
  ]);
});

Deno.test("readLines() breaks a line longer than its limit and goes on behind it", async () => {
  const text = `a\n${"x".repeat(100)}\nb\n${"y".repeat(21)}`;
  const broken = { problem: "it is longer than 20 bytes" };
  assert.deepEqual(await linesOf(text, 7, 20), ["a", broken, "b", broken]);
});
