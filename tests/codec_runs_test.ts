/** Whole runs with the families whose checkpoints are converted. EnCodec: `hub_codec_run_test.ts`. */
import assert from "node:assert/strict";
import { validLength } from "../models/codec.ts";
import { checkNarrowRun, NarrowRun } from "./support/narrow_run.ts";

Deno.test("a run with SNAC keeps layers of several lengths, and is decoded with noise of a seed", async () => {
  using run = await NarrowRun.of("snac/narrow", { windowSeconds: 2 });
  assert.ok(run.encoded > 2, "windows, not whole clips");
  await checkNarrowRun(run);
  for (const { codes, numSamples } of await run.rows()) {
    const lengths = [2048, 1024, 512].map((hop) => Math.ceil(numSamples / hop));
    assert.deepEqual(codes.map((layer) => layer.length), lengths);
  }
  const ids = ["LJ001-0002"];
  const first = await run.decode({ ids, noiseSeed: 7 });
  assert.deepEqual([...first.keys()], ids);
  assert.deepEqual(await run.decode({ ids, noiseSeed: 7 }), first);
  assert.notDeepEqual(await run.decode({ ids, noiseSeed: 8 }), first);
  assert.notDeepEqual(await run.decode({ ids }), first);
});

Deno.test("a run with DAC in chunks is checked, and decoded to the length of its clips", async () => {
  using run = await NarrowRun.of("dac/parametrizations", { chunked: true });
  await checkNarrowRun(run, { chunked: true });
  await using codec = await run.open({ chunked: true });
  const { chunking, hopLengths: [hop = 0] } = codec.spec;
  assert.ok(chunking !== undefined);
  const [long, short] = await run.rows();
  assert.ok(long !== undefined && short !== undefined);
  assert.ok(long.numSamples > chunking.wholeSamples && short.numSamples < chunking.wholeSamples);
  // Chunks overlap: they have more frames than the clip they are cut from.
  assert.ok(long.encodedLen > Math.ceil(long.numSamples / hop));
  assert.equal(long.encodedLen, validLength(codec.spec, 0, long.numSamples));
  assert.equal(short.encodedLen, Math.ceil(short.numSamples / hop));
  // The manifest alone tells that the tokens are those of chunks.
  Deno.removeSync(`${run.directory}/.speechmill`, { recursive: true });
  const wavs = await run.decode({ codec: run.codec, ids: [long.id] });
  assert.equal(wavs.get(long.id)?.samples, long.numSamples);
  await using plain = await run.open();
  assert.notDeepEqual(long.codes, await plain.encode(run.clip(long)));
});

Deno.test("a run with a NeMo archive gives its tokens in windows, and tells its notice", async () => {
  using run = await NarrowRun.of("nemo/narrow_nano.nemo", { windowSeconds: 2 });
  assert.ok(run.encoded > 2, "windows, not whole clips");
  await checkNarrowRun(run);
  assert.deepEqual(run.notices, [
    "this is none of the NeMo codecs that NVIDIA published: ask who trained it for its terms",
  ]);
  const manifest = JSON.parse(Deno.readTextFileSync(`${run.directory}/manifest.json`));
  assert.deepEqual(run.notices, [manifest.model.notice]);
});

Deno.test("a run with Mimi gives the codebooks that were asked for, and has no notice", async () => {
  using run = await NarrowRun.of("mimi/transformers_narrow", { codebooks: 4 });
  await checkNarrowRun(run, { codebooks: 4 });
  for (const { codes } of await run.rows()) assert.equal(codes.length, 4);
  assert.deepEqual(run.notices, []);
});
