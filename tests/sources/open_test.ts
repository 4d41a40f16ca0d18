import assert from "node:assert/strict";
import { UsageError } from "../../lib/errors.ts";
import { openSource, type SourceOptions } from "../../lib/sources/open.ts";
import { labelsOf } from "../../lib/sources/several.ts";
import { Fixture, itemsIn, summaryOf } from "./fixture.ts";

const FILES = {
  "folder/a.wav": "",
  "m.jsonl": '{"id":"a","text":"x"}',
  "lines.txt": '{"id":"a","text":"x"}',
  "torn.jsonl": new Uint8Array([0xff]),
  "list.json": '[{"id":"a"}]',
  "t.csv": "id,text\na,x",
  "metadata.csv": "a|raw, or not|x\nb|raw|",
  "named.csv": "id|text\na|x",
  "wide.csv": "a|b|c|d",
  "nested/a/m.jsonl": '{"id":"1","text":"x"}\n?',
  "nested/b/m.jsonl": "?",
  "nested/b/sub/c.wav": "",
};

async function describe(
  input: string,
  options: Omit<SourceOptions, "input"> = {},
): Promise<string> {
  using fixture = new Fixture(FILES);
  const path = fixture.path(input);
  const source = await openSource({ ...options, input: path });
  const summary = await summaryOf(source);
  return `${source.description.replace(path, "")}${summary.join(" ")}`;
}

async function assertRefused(
  input: string,
  message: RegExp,
  options: Omit<SourceOptions, "input"> = {},
): Promise<void> {
  await assert.rejects(describe(input, options), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, message);
    return true;
  });
}

Deno.test("openSource() finds out what an input is", async () => {
  assert.equal(await describe("folder"), "folder a");
  assert.equal(await describe("m.jsonl"), "manifest a");
  assert.equal(await describe("lines.txt"), "manifest a");
  assert.match(await describe("torn.jsonl"), /^manifest reject torn.jsonl:1: /);
  assert.equal(await describe("t.csv"), "table a");
  assert.equal(await describe("metadata.csv"), "table a b");
  assert.equal(await describe("named.csv"), "table a");
});

Deno.test("openSource() reads an input as it is told", async () => {
  const columns = { id: 1 };
  assert.equal(
    await describe("metadata.csv", { inputFormat: "table", columns }),
    "table raw, or not raw",
  );
  assert.match(
    await describe("t.csv", { inputFormat: "jsonl" }),
    /^manifest reject t.csv:1: .* reject t.csv:2: /,
  );
});

Deno.test("openSource() takes a pattern for LJSpeech's audio", async () => {
  using fixture = new Fixture(FILES);
  const input = fixture.path("metadata.csv");
  const source = await openSource({ input, audioPattern: "x/{id}.flac" });
  const [item] = await itemsIn(source);
  assert.ok(item?.kind === "sample");
  assert.equal(item.sample.audio, fixture.path("x/a.flac"));
});

Deno.test("openSource() refuses what it cannot list and says what to do", async () => {
  await assertRefused("none", /^Cannot use input '.*none': no such file or fol/);
  await assertRefused("folder/a.wav", /it is an audio file: give the folder/);
  await assertRefused("list.json", /begins with a JSON list: write one object/);
  await assertRefused("folder", /as jsonl: it is a folder$/, {
    inputFormat: "jsonl",
  });
  await assertRefused("t.csv", /as folder: it is a file$/, {
    inputFormat: "folder",
  });
  await assertRefused("wide.csv", /no column holds the id/);
});

Deno.test("openSource() refuses settings that the input does not heed", async () => {
  await assertRefused("m.jsonl", /^Cannot use header: only tables/, { header: false });
  await assertRefused("m.jsonl", /^Cannot use columns: the input is read as jsonl/, {
    columns: { id: 0 },
  });
  await assertRefused("folder", /^Cannot use columns: .* as `input`, without columns$/, {
    columns: { text: "sentence" },
  });
  await assertRefused("folder", /^Cannot use audio_pattern: only tables/, {
    audioPattern: "{id}",
  });
  await assertRefused("metadata.csv", /is read as ljspeech$/, {
    inputFormat: "ljspeech",
    delimiter: ",",
  });
});

Deno.test("openSource() lists several inputs in the order given, each by a place of its own", async () => {
  using fixture = new Fixture(FILES);
  const input = ["nested/b/sub", "nested/a/m.jsonl", "nested/b/m.jsonl"].map(
    (path) => fixture.path(path),
  );
  const source = await openSource({ input });
  const items = await itemsIn(source);
  assert.deepEqual(
    items.map((item) => item.kind === "sample" ? item.sample.place : item.kind),
    ["b/sub/c.wav", "a/m.jsonl:1", "reject", "reject"],
  );
  assert.deepEqual(
    (await source.fingerprint()).map(({ path }) => path),
    input,
  );
});

Deno.test("openSource() leaves the output out of a folder", async () => {
  using fixture = new Fixture({ "a.wav": "", "out/b.wav": "" });
  const source = await openSource({
    input: fixture.folder,
    exclude: [fixture.path("out")],
  });
  assert.deepEqual(await summaryOf(source), ["a"]);
});

Deno.test("labelsOf() drops what all paths share, and never all of a path", () => {
  assert.deepEqual(labelsOf(["/d/a/m", "/d/b/m"]), ["a/m", "b/m"]);
  assert.deepEqual(labelsOf(["/d", "/d/a"]), ["d", "d/a"]);
  assert.deepEqual(labelsOf(["/d/m", "/d/m"]), ["m", "m"]);
});
