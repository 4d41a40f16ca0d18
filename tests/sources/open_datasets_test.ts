import assert from "node:assert/strict";
import { UsageError } from "../../lib/errors.ts";
import type { DatasetConfig } from "../../lib/sources/dataset.ts";
import { openDatasets } from "../../lib/sources/open.ts";
import { Fixture, samplesIn } from "./fixture.ts";

const FILES = {
  "a/1.wav": "",
  "a/2.wav": "",
  "m.jsonl": '{"id":"x","text":"t","dialect":"north"}\n{"id":"y","text":"t"}\n',
  "t.csv": "id,text\nz,t\n",
  "lines.txt": "one\n\ntwo\n",
};

function dataset(input: string, rest: Partial<DatasetConfig> = {}): DatasetConfig {
  return {
    ...{ input, config: null, split: null, columns: null, constants: {}, where: {} },
    ...{ maxSamples: null, minSeconds: null, maxSeconds: null },
    ...rest,
  };
}

Deno.test("openDatasets() numbers datasets, takes the rows and the speaker that each asks for", async () => {
  using fixture = new Fixture(FILES);
  const { source, haveContainers } = await openDatasets([
    dataset(fixture.path("a"), { maxSamples: 1, constants: { speaker: "anna" } }),
    dataset(fixture.path("m.jsonl"), { where: { dialect: "north" } }),
    dataset(fixture.path("t.csv")),
  ], {});
  assert.equal(haveContainers, false);
  const samples = await samplesIn(source);
  assert.deepEqual(
    samples.map(({ id, origin, speaker }) => [id, origin, speaker]),
    [["1", 0, "anna"], ["x", 1, null], ["z", 2, null]],
  );
});

Deno.test("openDatasets() lists lines of text where it is told to", async () => {
  using fixture = new Fixture(FILES);
  const { source } = await openDatasets([dataset(fixture.path("lines.txt"))], {
    inputFormat: "lines",
  });
  const samples = await samplesIn(source);
  assert.deepEqual(samples.map(({ id, text, audio }) => [id, text, audio]), [
    ["lines.txt/1", "one", null],
    ["lines.txt/3", "two", null],
  ]);
});

Deno.test("openDatasets() refuses what a dataset has no use for", async () => {
  using fixture = new Fixture(FILES);
  const wrong: [DatasetConfig, RegExp][] = [
    [
      dataset(fixture.path("a"), { where: { x: 1 } }),
      /Cannot use where with '.*a': it is read as f/,
    ],
    [dataset(fixture.path("a"), { config: "clean" }), /Cannot use subset with/],
    [dataset(fixture.path("t.csv"), { split: "test" }), /Cannot use split with/],
    [dataset("hf://models/org/name"), /hf:\/\/datasets\/org\/name/],
    [dataset("https://host/a.zip"), /of the web only tars/],
  ];
  for (const [each, message] of wrong) {
    await assert.rejects(openDatasets([each], {}), (error) => {
      assert.ok(error instanceof UsageError, String(error));
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("openDatasets() lets the pipelines' split 'train' stand for all of a folder", async () => {
  using fixture = new Fixture(FILES);
  const { source } = await openDatasets([dataset(fixture.path("a"), { split: "train" })], {});
  assert.equal((await samplesIn(source)).length, 2);
});
