/** The main job, whole: real audio, real worker processes, the bundled codec. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { decodeAudio } from "../lib/audio/decode.ts";
import { loadConfig } from "../lib/config/config.ts";
import { encode } from "../lib/encode.ts";
import type { Summary } from "../lib/run/summary.ts";
import { loadCodec } from "../models/registry.ts";
import { publishedBytes, publishedRows, temporaryDirectory } from "./support/run_once.ts";

const root = new URL("..", import.meta.url).pathname;
const examples = join(root, "examples/speech/manifest.jsonl");

type Flags = Parameters<typeof loadConfig>[0]["flags"];

async function encodeInto(output: string, flags: Flags): Promise<Summary> {
  const config = await loadConfig({ flags: { devices: "cpu:2", ...flags, output }, cwd: root });
  const events = await Array.fromAsync(encode(config));
  const last = events.at(-1);
  assert.ok(last?.type === "finished");
  return last.summary;
}

function writeManifest(directory: string, lines: readonly unknown[]): string {
  const path = join(directory, "manifest.jsonl");
  Deno.writeTextFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return path;
}

Deno.test("the same speech through 1, 2 and 5 workers gives the same bytes", async () => {
  using directory = temporaryDirectory();
  const outcomes: Record<string, string>[] = [];
  for (const workers of [1, 2, 5]) {
    const output = join(directory.path, String(workers));
    const summary = await encodeInto(output, {
      ...{ input: [examples], devices: `cpu:${workers}`, shardSize: 10, valRatio: 0.1 },
    });
    assert.deepEqual([summary.finished, summary.done], [true, 33]);
    outcomes.push(publishedBytes(output));
  }
  assert.equal(Object.keys(outcomes[0] ?? {}).length, 3 + 1 + 1);
  assert.deepEqual(outcomes[1], outcomes[0]);
  assert.deepEqual(outcomes[2], outcomes[0]);
});

Deno.test("windows and batches of any size give the same bytes", async () => {
  using directory = temporaryDirectory();
  const sizes = [{ windowSeconds: 0, batchSeconds: 1 }, { windowSeconds: 1.5, batchSeconds: 60 }];
  const outcomes: Record<string, string>[] = [];
  for (const [i, size] of sizes.entries()) {
    const output = join(directory.path, String(i));
    await encodeInto(output, { input: [examples], ...size });
    outcomes.push(publishedBytes(output));
  }
  assert.deepEqual(outcomes[1], outcomes[0]);
});

Deno.test("a row holds what the issue says, in that order, and the codes of real audio only", async () => {
  using directory = temporaryDirectory();
  const output = join(directory.path, "run");
  const constants = { corpus: "speech", version: 3 };
  await encodeInto(output, { input: [examples], constants, valRatio: 0 });
  await using codec = await loadCodec("bundled");
  for (const row of await publishedRows(output)) {
    const layers = [1, 2, 3, 4].map((layer) => `bundled_layer_${layer}`);
    assert.deepEqual(Object.keys(row), [
      ...["id", "text", ...layers, "encoded_len", "num_samples", "sample_rate", "duration"],
      ...["speaker", "language", "corpus", "version"],
    ]);
    const path = join(root, "examples/speech", `${row["id"]}.flac`);
    const { pcm, duration } = decodeAudio(path, { sampleRate: 16_000 });
    assert.deepEqual(layers.map((layer) => row[layer]), await codec.encode(pcm));
    assert.deepEqual(
      [row["encoded_len"], row["num_samples"], row["sample_rate"], row["duration"]],
      [Math.ceil(pcm.length / 320), pcm.length, 16_000, Number(duration.toFixed(6))],
    );
    assert.deepEqual([row["language"], row["corpus"], row["version"]], ["en", "speech", 3]);
  }
});

Deno.test("every broken file is quarantined with its reason, every honest one encoded", async () => {
  using directory = temporaryDirectory();
  const output = join(directory.path, "run");
  const summary = await encodeInto(output, { input: [join(root, "tests/data/bad")], valRatio: 0 });

  const failed = Deno.readTextFileSync(join(output, "failed.jsonl")).trim().split("\n").map((
    line,
  ) => JSON.parse(line));
  assert.deepEqual(Object.fromEntries(failed.map(({ id, reason }) => [id, reason])), {
    cut: "truncated_audio",
    empty: "empty_file",
    nan: "not_finite",
    no_samples: "no_samples",
    text: "not_audio",
    truncated: "truncated_audio",
    zero_rate: "bad_sample_rate",
  });
  for (const { audio, detail } of failed) {
    assert.ok(detail.includes(audio), `'${detail}' names its file`);
  }
  const rows = await publishedRows(output);
  assert.deepEqual(rows.map((row) => row["id"]), ["header_lies_4gb", "one_sample", "silence"]);
  assert.deepEqual([summary.done, summary.quarantined], [3, 7]);
});

Deno.test("ids of any kind are kept as they are, and nothing is written outside the run", async () => {
  using directory = temporaryDirectory();
  const audio = join(root, "tests/data/fsdd/0_george_0.wav");
  const ids = [
    "../../x",
    "/etc/passwd",
    "a".repeat(300),
    "🙂 ünï",
    "a\\b",
    "con",
    "日本語_1",
    "..",
    "x\ny",
  ];
  const input = writeManifest(directory.path, [...ids.map((id) => ({ id, audio })), {
    id: 12,
    audio,
  }]);
  const before = listTree(directory.path);
  await encodeInto(join(directory.path, "run"), { input: [input], valRatio: 0 });

  const rows = await publishedRows(join(directory.path, "run"));
  assert.deepEqual(rows.map((row) => row["id"]), [...ids, "12"]);
  const outside = listTree(directory.path).filter((path) =>
    !path.startsWith(join(directory.path, "run"))
  );
  assert.deepEqual(outside, before);
});

Deno.test("what is missing, malformed or filtered is counted, and listed where it failed", async () => {
  using directory = temporaryDirectory();
  const speech = join(root, "examples/speech");
  const input = join(directory.path, "manifest.jsonl");
  Deno.writeTextFileSync(
    input,
    [
      JSON.stringify({ id: "whole", audio: join(speech, "LJ001-0002.flac") }),
      "{broken",
      JSON.stringify({ id: "gone", audio: "no/such.wav" }),
      JSON.stringify({ id: "long", audio: join(speech, "jfk.flac") }),
      JSON.stringify({ id: "words", text: "text without audio" }),
      JSON.stringify({ id: "part", audio: join(speech, "jfk.flac"), start: 1, end: 2.5 }),
    ].join("\n"),
  );
  const output = join(directory.path, "run");
  const summary = await encodeInto(output, { input: [input], maxSeconds: 5, valRatio: 0 });

  assert.deepEqual(summary.reasons, { malformed_line: 1, missing_file: 1, no_audio: 1 });
  assert.deepEqual(summary.filters, { too_long: 1 });
  const failed = Deno.readTextFileSync(join(output, "failed.jsonl"));
  assert.match(failed, /manifest\.jsonl:2/);
  const rows = await publishedRows(output);
  assert.deepEqual(rows.map((row) => [row["id"], row["num_samples"]]), [["whole", 30_393], [
    "part",
    24_000,
  ]]);
});

function listTree(path: string): string[] {
  return [...Deno.readDirSync(path)].flatMap(({ name, isDirectory }) =>
    isDirectory ? listTree(join(path, name)) : [join(path, name)]
  ).sort();
}
