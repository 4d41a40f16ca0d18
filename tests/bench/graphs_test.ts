import assert from "node:assert/strict";
import { convEncoder, convEncoderContext } from "../../bench/graphs/conv_encoder.ts";
import { writeHeavyCodec } from "../../bench/graphs/heavy_codec.ts";
import { seededRandom } from "../../bench/graphs/random.ts";
import { sha256 } from "../../models/digest.ts";
import { loadCodec } from "../../models/registry.ts";
import { joinWindows, planWindows } from "../../models/windows.ts";
import { TemporaryFolder } from "../models/temporary_folder.ts";

const SMALL = { channels: 8, blocks: 2, codebookSize: 64 };

Deno.test("convEncoder() writes the same bytes on every machine", () => {
  assert.equal(
    sha256(convEncoder(SMALL)),
    "7743f3391c78f9c8877db2cd67a43a5298ae2c8477a753678657e2b60c37090c",
  );
  assert.notEqual(sha256(convEncoder({ ...SMALL, seed: 2 })), sha256(convEncoder(SMALL)));
});

Deno.test("convEncoder() uses many codes, and its context is enough for exact windows", async () => {
  using folder = new TemporaryFolder();
  await writeHeavyCodec(folder.path, SMALL);
  await using codec = await loadCodec(folder.path);
  assert.equal(codec.spec.context, convEncoderContext(SMALL.blocks));
  const random = seededRandom(7);
  const noise = Float32Array.from({ length: 64_000 }, () => random() - 0.5);
  const whole = await codec.encode(noise);
  assert.ok(new Set(whole.flat()).size > 32);
  const windows = planWindows(codec.spec, noise.length, 6400);
  const codes = await codec.encodeBatch(
    windows.map(({ start, length }) => noise.subarray(start, start + length)),
  );
  assert.deepEqual(joinWindows(codec.spec, windows, codes), whole);
});
