/** Inputs of text alone are refused before anything starts: no codec can encode them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { loadConfig } from "../lib/config/config.ts";
import { encode } from "../lib/encode.ts";
import { UsageError } from "../lib/errors.ts";
import { parquetWriteBuffer } from "../lib/npm/hyparquet_writer.ts";
import type { WorkerSpawner } from "../lib/run/worker_process.ts";
import { Fixture } from "./sources/fixture.ts";
import { tarOf } from "./tar/write_tar.ts";

const root = new URL("..", import.meta.url).pathname;

type Flags = Parameters<typeof loadConfig>[0]["flags"];

const noWorker: WorkerSpawner = {
  spawn: () => {
    throw new Error("a worker was started");
  },
};

/** Makes sure that these settings are refused before anything is written. */
async function assertRefused(fixture: Fixture, flags: Flags, message: RegExp): Promise<void> {
  const output = fixture.path("run");
  const config = await loadConfig({
    flags: { devices: "cpu:1", ...flags, output },
    cwd: fixture.folder,
  });
  await assert.rejects(Array.fromAsync(encode(config, { spawner: noWorker })), (error) => {
    assert.ok(error instanceof UsageError, String(error));
    assert.match(error.message, message);
    return true;
  });
  assert.throws(() => Deno.statSync(output), Deno.errors.NotFound);
}

const TEXTS = parquetWriteBuffer({
  columnData: [
    { name: "text", data: ["one", "two"], type: "STRING" },
    { name: "sound", data: [new Uint8Array([1]), new Uint8Array([2])], type: "BYTE_ARRAY" },
  ],
});

Deno.test("encode() refuses lines of text", async () => {
  using fixture = new Fixture({ "lines.txt": "one\ntwo\n" });
  const flags: Flags = { input: ["lines.txt"], inputFormat: "lines" };
  const message = /^Cannot encode the input: '\/.*\/lines\.txt' has no audio: its lines are text$/;
  await assertRefused(fixture, flags, message);
});

Deno.test("encode() refuses Parquet without a column for audio, and names those that there are", async () => {
  using fixture = new Fixture({ "texts.parquet": new Uint8Array(TEXTS) });
  const message = new RegExp(
    "^Cannot encode the input: 'texts\\.parquet' has no audio: it has 'text' \\(text\\), 'sound' " +
      "\\(bytes\\): name the column that holds it, such as columns: \\{audio: NAME\\}$",
  );
  await assertRefused(fixture, { input: ["texts.parquet"] }, message);
  const unnamed = /'texts\.parquet' is read without audio: no column is named for it$/;
  const columns = { audio: "" };
  await assertRefused(fixture, { input: ["texts.parquet"], columns }, unnamed);
});

Deno.test("encode() refuses what save_to_disk() wrote of text alone, and tars read without audio", async () => {
  using fixture = new Fixture({ "a.tar": tarOf([{ name: "a.wav", content: "RIFF" }]) });
  const arrow = join(root, "tests/fixtures/arrow/speech");
  const columns = { audio: "" };
  await assertRefused(fixture, { input: [arrow], columns }, /' is read without audio: no column/);
  await assertRefused(fixture, { input: ["a.tar"], columns }, /\/a\.tar' is read without audio/);
});

Deno.test("encode() refuses a dataset of text alone among several, whatever else they are given", async () => {
  using fixture = new Fixture({ "texts.parquet": new Uint8Array(TEXTS) });
  const datasets = [
    { input: join(root, "tests/data/fsdd") },
    { input: "texts.parquet", max_samples: 1, constants: { speaker: "anna" } },
  ];
  const message = /^Cannot encode the input: '.*texts\.parquet' has no audio: /;
  await assertRefused(fixture, { datasets }, message);
});
