import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { UsageError } from "../../lib/errors.ts";
import { textLinesSource } from "../../lib/sources/text_lines.ts";
import { Fixture, itemsIn, samplesIn, summaryOf } from "./fixture.ts";

const FOX = "The quick brown fox\nGrüße, 世界\n";

Deno.test("textLinesSource() makes a sample of each line", async () => {
  using fixture = new Fixture({ "a.txt": FOX });
  const source = textLinesSource({ path: fixture.path("a.txt") });
  assert.deepEqual(
    await itemsIn(source),
    ["The quick brown fox", "Grüße, 世界"].map(
      (text, index) => ({
        kind: "sample",
        sample: {
          id: `a.txt/${index + 1}`,
          text,
          audio: null,
          speaker: null,
          language: null,
          duration: null,
          start: null,
          end: null,
          place: `a.txt:${index + 1}`,
        },
      }),
    ),
  );
});

Deno.test("textLinesSource() counts blank lines, and drops the end of a line alone", async () => {
  using fixture = new Fixture({ "a.txt": "\ufeff one \r\n\r\n  \ntwo" });
  const source = textLinesSource({ path: fixture.path("a.txt"), label: "x/a" });
  const samples = await samplesIn(source);
  assert.deepEqual(samples.map(({ id, text }) => [id, text]), [["x/a/1", " one "], [
    "x/a/4",
    "two",
  ]]);
  const excluded = (await itemsIn(source)).flatMap((item) =>
    item.kind === "excluded" ? [item.count] : []
  );
  assert.equal(excluded.reduce((sum, count) => sum + count, 0), 2);
});

Deno.test("textLinesSource() rejects a line that is no text, and none beside it", async () => {
  const bytes = [0x61, 0x0a, 0xff, 0xfe, 0x0a, 0x62, 0x00, 0x0a, 0x63];
  using fixture = new Fixture({ "a.txt": new Uint8Array(bytes) });
  assert.deepEqual(await summaryOf(textLinesSource({ path: fixture.path("a.txt") })), [
    "a.txt/1",
    "reject a.txt:2: it is not valid UTF-8",
    "reject a.txt:3: 'text' holds a NUL character",
    "a.txt/4",
  ]);
});

Deno.test("textLinesSource() recognises gzip by its content", async () => {
  using fixture = new Fixture({ "a.txt": gzipSync(FOX) });
  const samples = await samplesIn(textLinesSource({ path: fixture.path("a.txt") }));
  assert.deepEqual(samples.map(({ text }) => text), ["The quick brown fox", "Grüße, 世界"]);
});

Deno.test("textLinesSource() throws for a text without lines, and for none", async () => {
  using fixture = new Fixture({ "a.txt": "\n \n" });
  await assert.rejects(itemsIn(textLinesSource({ path: fixture.path("a.txt") })), {
    name: UsageError.name,
    message: `Cannot list '${fixture.path("a.txt")}': it has no lines`,
  });
  await assert.rejects(itemsIn(textLinesSource({ path: fixture.path("b.txt") })), UsageError);
});

Deno.test("textLinesSource() tells changed text by its fingerprint", async () => {
  using fixture = new Fixture({ "a.txt": FOX });
  const source = textLinesSource({ path: fixture.path("a.txt") });
  const [before] = await source.fingerprint();
  fixture.write("a.txt", FOX.replace("fox", "cat"));
  const [after] = await source.fingerprint();
  assert.equal(before?.path, fixture.path("a.txt"));
  assert.notEqual(before?.sha256, after?.sha256);
});
