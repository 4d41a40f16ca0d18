import assert from "node:assert/strict";
import { join } from "node:path";
import { decodeAudio } from "../lib/audio/decode.ts";
import { type DecodeEvent, decodeRun, type DecodeRunOptions } from "../lib/decode_run.ts";
import { RunConflictError, UsageError } from "../lib/errors.ts";
import { openRun } from "../lib/open_run.ts";
import { loadCodec } from "../models/registry.ts";
import type { openCodec } from "../models/resolve.ts";
import { CLIPS, type SmallRun, smallRun, type SmallRunOptions } from "./support/small_run.ts";

/** A run, and a folder to decode it into that goes with it. */
async function runAndOutput(options?: SmallRunOptions): Promise<SmallRun & { output: string }> {
  const run = await smallRun(options);
  return { ...run, output: join(run.directory, "..", "wav") };
}

function decode(
  run: { directory: string; output: string },
  options: Partial<DecodeRunOptions> = {},
) {
  return Array.fromAsync(decodeRun(run.directory, { output: run.output, threads: 1, ...options }));
}

function filesOf(events: readonly DecodeEvent[]): string[] {
  return events.flatMap((event) => event.type === "decoded" ? [event.file] : []);
}

function indexOf(folder: string): { file: string; id: string }[] {
  return Deno.readTextFileSync(join(folder, "index.jsonl")).trimEnd().split("\n")
    .map((line) => JSON.parse(line));
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("decodeRun() writes every clip in its own length, as the codec gives it", async () => {
  using small = await runAndOutput();
  const events = await decode(small);

  assert.deepEqual(filesOf(events).sort(), CLIPS.map((id) => `${id}.wav`).sort());
  assert.deepEqual(events[0], { type: "started", rows: CLIPS.length, codec: "bundled" });
  assert.equal(events.at(-1)?.type, "finished");
  assert.deepEqual(
    namesIn(small.output),
    [".speechmill-decode.json", ...CLIPS.map((id) => `${id}.wav`), "index.jsonl"].sort(),
  );
  using run = await openRun(small.directory);
  await using codec = await loadCodec("bundled");
  for await (const row of run.rows()) {
    const clip = decodeAudio(join(small.output, `${row.id}.wav`));
    assert.equal(clip.sampleRate, 16_000);
    assert.equal(clip.pcm.length, row.numSamples);
    const expected = await codec.decode(row.codes, row.numSamples);
    const step = clip.pcm.reduce(
      (worst, value, i) =>
        Math.max(worst, Math.abs(value - Math.min(expected[i] ?? 0, 1 - 2 ** -15))),
      0,
    );
    assert.ok(step <= 2 ** -16 + 1e-9, String(step));
  }
});

Deno.test("decodeRun() decodes the ids that were asked for", async () => {
  using small = await runAndOutput();
  const events = await decode(small, { ids: ["4_jackson_0", "1_george_0"] });
  assert.deepEqual(filesOf(events).sort(), ["1_george_0.wav", "4_jackson_0.wav"]);
  assert.equal(events[0]?.type === "started" && events[0].rows, 2);
});

Deno.test("decodeRun() keeps hostile ids in their folder and apart", async () => {
  const ids = ["../../x", "utt", "UTT", "CON", "a.", "😀", "y".repeat(300), "/etc/passwd", "12"];
  const samples = ids.map((id, i) => ({ id, clip: CLIPS[i] ?? "" }));
  using small = await runAndOutput({ samples });
  const files = filesOf(await decode(small));
  assert.equal(new Set(files.map((file) => file.toLowerCase())).size, ids.length);
  assert.deepEqual(
    namesIn(small.output).filter((name) => name.endsWith(".wav")),
    [...files].sort(),
  );
  assert.deepEqual(namesIn(join(small.directory, "..")), ["run", "wav"]);
  assert.deepEqual(indexOf(small.output).map(({ id }) => id).sort(), [...ids].sort());
});

Deno.test("decodeRun() goes on in a folder that it made, each id under its name", async () => {
  const samples = ["utt", "UTT"].map((id, i) => ({ id, clip: CLIPS[i] ?? "" }));
  using small = await runAndOutput({ samples });
  await decode(small, { ids: ["UTT"] });
  Deno.writeTextFileSync(join(small.output, "index.jsonl"), '{"file":"u', { append: true });
  const files = filesOf(await decode(small));
  assert.equal(files[1], "UTT.wav");
  assert.match(files[0] ?? "", /^utt-[0-9a-f]{12}\.wav$/);
  assert.deepEqual(indexOf(small.output).map(({ id }) => id), ["UTT", "utt"]);
});

Deno.test("decodeRun() refuses a folder that holds something else", async () => {
  using small = await runAndOutput();
  Deno.mkdirSync(small.output);
  Deno.writeTextFileSync(join(small.output, "thesis.wav"), "precious");
  await assert.rejects(decode(small), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /it already holds other files, such as 'thesis\.wav'/);
    return true;
  });
  assert.deepEqual(namesIn(small.output), ["thesis.wav"]);
});

Deno.test("decodeRun() refuses a folder with the audio of another run", async () => {
  using small = await runAndOutput();
  await decode(small, { ids: ["1_george_0"] });
  const path = join(small.directory, "manifest.json");
  const manifest = JSON.parse(Deno.readTextFileSync(path));
  Deno.writeTextFileSync(path, JSON.stringify({ ...manifest, config_digest: "another" }));
  await assert.rejects(decode(small), /it holds audio of another run, or of another decoder/);
});

Deno.test("decodeRun() names the ids that have no row, before it writes anything", async () => {
  using small = await runAndOutput();
  await assert.rejects(decode(small, { ids: ["1_george_0", "1_gorge_0"] }), (error) => {
    assert.ok(error instanceof UsageError);
    assert.equal(
      error.message,
      "Cannot decode '1_gorge_0': the run has no such id, did you mean '1_george_0'",
    );
    return true;
  });
  assert.throws(() => Deno.statSync(small.output), Deno.errors.NotFound);
});

Deno.test("decodeRun() uses the codec of the run's config, and the one that is named before it", async () => {
  using small = await runAndOutput();
  Deno.writeTextFileSync(small.paths.config, JSON.stringify({ codec: "./moved-codec" }));
  await assert.rejects(decode(small), /moved-codec/);
  assert.equal(filesOf(await decode(small, { codec: "bundled" })).length, CLIPS.length);
});

Deno.test("decodeRun() refuses another model than the one that made the tokens", async () => {
  using small = await runAndOutput();
  let closed = false;
  const other: typeof openCodec = async (name, options) => {
    const codec = await loadCodec(name, options);
    return {
      ...{ spec: codec.spec, digest: codec.digest, encoderDigest: "0".repeat(64) },
      encode: (pcm) => codec.encode(pcm),
      encodeBatch: (clips) => codec.encodeBatch(clips),
      decode: (codes, length) => codec.decode(codes, length),
      async [Symbol.asyncDispose]() {
        closed = true;
        await codec[Symbol.asyncDispose]();
      },
    };
  };
  await assert.rejects(decode(small, { openCodec: other }), (error) => {
    assert.ok(error instanceof RunConflictError);
    assert.match(error.message, /its tokens were made by another model/);
    return true;
  });
  assert.ok(closed);
});

Deno.test("decodeRun() takes another decoder for the tokens of the same encoder", async () => {
  using small = await runAndOutput();
  const other: typeof openCodec = async (name, options) =>
    Object.assign(await loadCodec(name, options), { digest: "0".repeat(64) });
  assert.equal(filesOf(await decode(small, { openCodec: other })).length, CLIPS.length);
  // Sound of two decoders in one folder would be taken for that of one.
  await assert.rejects(decode(small), /it holds audio of another run, or of another decoder/);
});
