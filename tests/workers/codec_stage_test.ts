import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { writePart } from "../../lib/audio/part.ts";
import { SampleError } from "../../lib/errors.ts";
import { parquetWriteBuffer } from "../../lib/npm/hyparquet_writer.ts";
import type { CodecSpec } from "../../models/codec.ts";
import { codecSpec } from "../../models/registry.ts";
import { codecStage } from "../../workers/stages/codec.ts";
import { CodecCutter } from "../../workers/stages/codec_cutter.ts";
import type { LeasedSample } from "../../workers/stage.ts";
import { temporaryDirectory } from "../support/run_once.ts";

const CLIP = resolve("tests/data/formats/clip.flac");
const SETTINGS = { codec: "bundled", provider: "cpu" };

function leased(rest: Partial<LeasedSample>): LeasedSample {
  return {
    ...{ idx: 0, id: "utt_1", audio: null, part: null, text: null, start: null, end: null },
    ...{ size: null, mtime: null, minSeconds: null, maxSeconds: null, ...rest },
  };
}

function planned(audio: string): Partial<LeasedSample> {
  const { size, mtime } = Deno.statSync(audio);
  return { audio, size, mtime: mtime?.getTime() ?? null };
}

function reasonOf(reason: string, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof SampleError, String(error));
    assert.equal(error.reason, reason);
    assert.match(error.message, message);
    return true;
  };
}

Deno.test("the codec stage pads to whole frames of every layer, with zeros", async () => {
  const preparer = await codecStage.makePreparer(SETTINGS);
  const { paddingUnit } = await codecSpec("bundled");
  const { data, numSamples, seconds } = preparer.prepare(leased({ ...planned(CLIP), end: 0.51 }));
  assert.equal(numSamples, Math.ceil(seconds * 16_000));
  assert.ok(data.length > numSamples);
  assert.equal(data.length, Math.ceil(numSamples / paddingUnit) * paddingUnit);
  assert.ok(data.subarray(numSamples).every((value) => value === 0));
  assert.ok(Math.abs(seconds - 0.51) < 0.001);
});

Deno.test("the codec stage refuses text without audio, a changed file, and one that is gone", async () => {
  const preparer = await codecStage.makePreparer(SETTINGS);
  assert.throws(
    () => preparer.prepare(leased({ text: "words" })),
    reasonOf("no_audio", /'utt_1': it has text but no audio/),
  );
  assert.throws(
    () => preparer.prepare(leased({ ...planned(CLIP), size: 1 })),
    reasonOf("input_changed", /had 1 bytes when it was planned/),
  );
  assert.throws(
    () => preparer.prepare(leased({ audio: "/no/such.wav", size: 1, mtime: 1 })),
    reasonOf("input_changed", /is gone/),
  );
});

Deno.test("the codec stage prepares a clip within a file as it prepares the clip alone", async () => {
  using directory = temporaryDirectory();
  const preparer = await codecStage.makePreparer(SETTINGS);
  const alone = preparer.prepare(leased(planned(CLIP)));
  const container = join(directory.path, "clips.parquet");
  const data = [new Uint8Array([1, 2]), Deno.readFileSync(CLIP)];
  const columnData = [{ name: "sound", data, type: "BYTE_ARRAY" as const }];
  Deno.writeFileSync(container, new Uint8Array(parquetWriteBuffer({ columnData })));
  const at = (row: number) => {
    const part = writePart({ kind: "parquet", row, column: "sound" });
    return leased({ ...planned(container), part });
  };
  assert.deepEqual(preparer.prepare(at(1)), alone);
  assert.throws(
    () => preparer.prepare(at(0)),
    reasonOf("not_audio", /clips\.parquet' row 0: its content is in no known audio format$/),
  );
  preparer[Symbol.dispose]?.();
});

Deno.test("the codec stage names what is missing in its settings", async () => {
  await assert.rejects(async () => await codecStage.makePreparer({}), /no codec is named/);
});

/** As of codecs at 24 kHz with a frame of 2,048 samples, which is no round number of seconds. */
const AWKWARD: CodecSpec = {
  ...{ id: "awkward", name: "awkward", sampleRate: 24_000, paddingUnit: 2048 },
  ...{
    minimumSamples: 2048,
    hopLengths: [2048],
    codebookSize: 16,
    context: 2048,
    licence: "MIT",
    notice: null,
  },
};

Deno.test("CodecCutter cuts windows of exactly the length that is asked for", () => {
  const cutter = new CodecCutter(AWKWARD);
  for (let units = 3; units < 200; units++) {
    const pieces = cutter.cut(1000 * 2048, units * 2048);
    assert.ok(pieces.every(({ length }) => length === units * 2048), `${units} frames`);
  }
});

Deno.test("CodecCutter cuts what does not fit into ever shorter windows, down to the shortest", () => {
  const cutter = new CodecCutter(AWKWARD);
  const { minWindow } = cutter;
  assert.ok(minWindow !== null);
  let length = 700 * 2048;
  for (let cuts = 0; length > minWindow; cuts++) {
    assert.ok(cuts < 20, `windows of ${length} samples are cut into windows of ${length}`);
    length = cutter.cut(700 * 2048, Math.max(minWindow, Math.floor(length / 2)))[0]?.length ?? 0;
  }
  assert.equal(length, minWindow);
});

Deno.test("CodecCutter leaves whole what is short, and what only a whole clip is exact for", () => {
  const whole = [{ start: 0, length: 40 * 2048 }];
  const spans = (cutter: CodecCutter, window: number) =>
    cutter.cut(40 * 2048, window).map(({ start, length }) => ({ start, length }));
  assert.deepEqual(spans(new CodecCutter(AWKWARD), 40 * 2048), whole);
  assert.deepEqual(spans(new CodecCutter(AWKWARD), 0), whole);
  const endless = new CodecCutter({ ...AWKWARD, context: null });
  assert.deepEqual([spans(endless, 4 * 2048), endless.minWindow], [whole, null]);
});

Deno.test("CodecCutter joins windows to the codes of real audio alone", () => {
  const cutter = new CodecCutter(AWKWARD);
  const pieces = cutter.cut(20 * 2048, 5 * 2048);
  const results = pieces.map(({ start, length }) => [
    Array.from({ length: length / 2048 }, (_, i) => start / 2048 + i),
  ]);
  const numSamples = 19 * 2048 - 1;
  const output = cutter.join({ dataLength: 20 * 2048, numSamples }, pieces, results);
  assert.deepEqual(output, {
    codes: [Array.from({ length: 19 }, (_, i) => i)],
    num_samples: numSamples,
  });
});
