/** Whole runs over Parquet, tars and Arrow: real clips, real worker processes, the bundled codec. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { decodeAudio } from "../lib/audio/decode.ts";
import { decodeRun } from "../lib/decode_run.ts";
import type { EncodedRow } from "../lib/open_run.ts";
import { parquetMetadataAsync, parquetSchema } from "../lib/npm/hyparquet.ts";
import { loadCodec } from "../models/registry.ts";
import { clipOf, speechClips, writeFolder, writeParquet, writeTar } from "./support/containers.ts";
import { encodeRun, failedLines, rowsById, verifyAll } from "./support/encode_run.ts";
import { temporaryDirectory } from "./support/run_once.ts";

const root = new URL("..", import.meta.url).pathname;

/** What of a row its clip decides, whatever it lies in. */
function soundOf({ codes, numSamples, sampleRate, duration, text }: EncodedRow) {
  return { codes, numSamples, sampleRate, duration, text };
}

async function decodeInto(run: string, output: string): Promise<void> {
  await Array.fromAsync(decodeRun(run, { output, threads: 1 }));
}

Deno.test("a clip is the same row and the same sound, whatever container it lies in", async () => {
  using directory = temporaryDirectory();
  const at = (name: string) => join(directory.path, name);
  const clips = speechClips();
  const folder = writeFolder(at("clips"), clips);
  // Ids of rows without an id column, and of members of a tar, begin with where they lie.
  const columns = { id: "" };
  const prefixes: Record<string, string> = { "plain.tar": "plain/", "packed.tar.gz": "packed/" };
  const datasets = [
    { input: folder },
    { input: writeParquet(at("struct.parquet"), clips, { audio: "struct" }), columns },
    {
      input: writeParquet(at("bytes.parquet"), clips, { audio: "bytes", rowGroupSize: 4 }),
      columns,
    },
    {
      input: writeParquet(at("path.parquet"), clips, { audio: "path", prefix: "clips/" }),
      columns,
    },
    ...Object.entries(prefixes).map(([name, prefix]) => ({
      input: writeTar(at(name), clips, prefix),
    })),
  ];
  const output = at("run");
  const summary = await encodeRun(output, { datasets, shardSize: 10, valRatio: 0.2 });
  assert.deepEqual([summary.done, summary.quarantined, summary.filtered], [36, 0, 0]);

  const rows = await rowsById(output);
  const idsOf = (clip: number) => {
    const { id = "" } = clips[clip] ?? {};
    const parquet = ["struct", "bytes", "path"].map((name) => `${name}/${clip}`);
    return [id, ...parquet, ...Object.values(prefixes).map((prefix) => prefix + id)];
  };
  await decodeInto(output, at("wavs"));
  const wavOf = wavsByName(at("wavs"));
  for (const [clip, { id, text }] of clips.entries()) {
    const first = rows.get(id);
    assert.ok(first !== undefined && first.text === text);
    for (const other of idsOf(clip)) {
      const row = rows.get(other);
      assert.ok(row !== undefined, `'${other}' has a row`);
      assert.deepEqual(soundOf(row), soundOf(first), other);
      assert.deepEqual(wavOf(other), wavOf(id), other);
    }
  }
  const { problems, rebatch } = await verifyAll(output);
  assert.deepEqual([problems, rebatch?.mismatches, rebatch?.samples], [[], 0, 36]);
});

/** Gives the bytes of the WAV of an id. */
function wavsByName(folder: string): (id: string) => Uint8Array {
  const index = Deno.readTextFileSync(join(folder, "index.jsonl")).trim().split("\n");
  const files = new Map<string, string>(
    index.map((line) => JSON.parse(line)).map(({ id, file }) => [id, file]),
  );
  return (id) => Deno.readFileSync(join(folder, files.get(id) ?? "no such file"));
}

Deno.test("clips that save_to_disk() wrote are encoded as their files are, a row of text is quarantined", async () => {
  using directory = temporaryDirectory();
  const output = join(directory.path, "run");
  const input = [join(root, "tests/fixtures/arrow/speech")];
  await encodeRun(output, { input, columns: { id: "number" } });
  const rows = await rowsById(output);
  const names = ["0_jackson_0", "0_lucas_0", "1_jackson_0", "1_lucas_0"];
  assert.deepEqual([...rows.keys()], ["100", "101", "102", "103"]);
  await using codec = await loadCodec("bundled");
  for (const [i, name] of names.entries()) {
    const row = rows.get(String(100 + i));
    const path = join(root, "tests/data/fsdd", `${name}.wav`);
    const { pcm } = decodeAudio(path, { sampleRate: codec.spec.sampleRate });
    assert.deepEqual(row?.codes, await codec.encode(pcm));
    assert.deepEqual([row?.text, row?.speaker], [`Grüße ${name}.wav`, name.split("_")[1]]);
  }
  const [failed] = failedLines(output);
  assert.deepEqual([failed?.id, failed?.reason], ["104", "no_audio"]);
  assert.match(failed?.place ?? "", /^train\/data-00001-of-00002\.arrow row 1$/);
});

/** The columns of a Parquet file, in order. */
async function columnsOf(path: string): Promise<readonly string[]> {
  const { children } = parquetSchema(await parquetMetadataAsync(Deno.readFileSync(path).buffer));
  return children.map(({ element: { name } }) => name);
}

Deno.test("each dataset of a run has its own constants, filters and limits; every file has all columns", async () => {
  using directory = temporaryDirectory();
  const at = (name: string) => join(directory.path, name);
  const clips = [...speechClips(), clipOf("long", "examples/speech/LJ001-0013.flac")];
  const datasets = [
    {
      input: writeFolder(at("folder"), clips),
      constants: { corpus: "read", version: 1, speaker: "anna" },
      "max_samples": 2,
    },
    {
      input: writeParquet(at("rows.parquet"), clips, { audio: "struct" }),
      columns: { id: "" },
      constants: { corpus: "rows" },
      where: { row: [0, 2, 6] },
      "max_seconds": 2,
    },
    {
      input: writeTar(at("telephone.tar"), clips.slice(-2), "tar/"),
      constants: { corpus: null, version: 2 },
    },
  ];
  const output = at("run");
  await encodeRun(output, { datasets, shardSize: 2, format: "parquet" });

  const constantsOf = ({ speaker, constants }: EncodedRow) => [
    ...[speaker, constants["corpus"], constants["version"]],
  ];
  const rows = await rowsById(output);
  const found = [...rows].map(([id, row]) => [id, ...constantsOf(row)]);
  assert.deepEqual(found, [
    ["LJ001-0002", "anna", "read", 1],
    ["LJ001-0008", "anna", "read", 1],
    ["rows/0", null, "rows", null],
    ["rows/2", null, "rows", null],
    ["tar/wav", null, null, 2],
    ["tar/long", null, null, 2],
  ]);
  const stats = JSON.parse(Deno.readTextFileSync(join(output, "stats.json")));
  const { done, excluded, filtered, filters, quarantined } = stats;
  assert.deepEqual([done, excluded, filtered, filters, quarantined], [
    ...[6, 4, 1, { "too_long": 1 }, 0],
  ]);
  const manifest = JSON.parse(Deno.readTextFileSync(join(output, "manifest.json")));
  const names = manifest.columns.map(({ name }: { name: string }) => name);
  assert.deepEqual(names.slice(-4), ["speaker", "language", "corpus", "version"]);
  assert.equal(manifest.files.length, 4);
  for (const { path } of manifest.files) {
    assert.deepEqual(await columnsOf(join(output, path)), names, path);
  }
  assert.deepEqual((await verifyAll(output)).problems, []);
});
