import assert from "node:assert/strict";
import type { Codec, Codes } from "../../models/codec.ts";
import { loadCodec } from "../../models/registry.ts";
import { joinWindows, planWindows, windowLength } from "../../models/windows.ts";
import { DIGITS, FORMATS, type RealClip, realClips, SPEECH } from "./real_audio.ts";

const MAX_BATCH = 16;

Deno.test("batched tokens equal one-by-one tokens over all real clips", async () => {
  await using codec = await loadCodec("bundled");
  const clips = [SPEECH, DIGITS, FORMATS].flatMap((folder) => realClips(codec.spec, folder));
  assert.equal(clips.length, 33 + 600 + 11);
  let shared = 0;
  for (const batch of batchesOf(clips)) {
    const codes = await codec.encodeBatch(batch.map(({ padded }) => padded));
    for (const [index, { name, padded }] of batch.entries()) {
      assert.deepEqual([codes[index]], await codec.encodeBatch([padded]), name);
    }
    if (batch.length > 1) shared += batch.length;
  }
  assert.ok(shared > 550, `only ${shared} clips shared a batch`);
});

/** Batches of equal padded length. */
function batchesOf(clips: readonly RealClip[]): RealClip[][] {
  const byLength = Map.groupBy(clips, ({ padded }) => padded.length);
  return [...byLength.values()].flatMap((group) =>
    Array.from(
      { length: Math.ceil(group.length / MAX_BATCH) },
      (_, batch) => group.slice(batch * MAX_BATCH, (batch + 1) * MAX_BATCH),
    )
  );
}

Deno.test("tokens of windows equal the tokens of the whole clip over all real speech", async () => {
  await using codec = await loadCodec("bundled");
  for (const { name, padded } of realClips(codec.spec, SPEECH)) {
    const [whole] = await codec.encodeBatch([padded]);
    assert.deepEqual(await encodeInWindows(codec, padded, 2), whole, name);
  }
});

async function encodeInWindows(
  codec: Codec,
  padded: Float32Array,
  seconds: number,
): Promise<Codes> {
  const length = windowLength(codec.spec, seconds * codec.spec.sampleRate);
  const windows = planWindows(codec.spec, padded.length, length);
  assert.ok(windows.length > 1 || padded.length <= seconds * codec.spec.sampleRate);
  const codes = await codec.encodeBatch(
    windows.map(({ start, length }) => padded.subarray(start, start + length)),
  );
  return joinWindows(codec.spec, windows, codes);
}

Deno.test("tokens of windows without their context differ: the test above can fail", async () => {
  await using codec = await loadCodec("bundled");
  const spec = { ...codec.spec, context: 320 };
  const clip = realClips(codec.spec, SPEECH).find(({ name }) => name === "jfk.flac");
  assert.ok(clip);
  const windows = planWindows(spec, clip.padded.length, 32_000);
  const codes = await codec.encodeBatch(
    windows.map(({ start, length }) => clip.padded.subarray(start, start + length)),
  );
  assert.notDeepEqual([joinWindows(spec, windows, codes)], await codec.encodeBatch([clip.padded]));
});
