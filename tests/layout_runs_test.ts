/** Whole runs whose tokens are laid out otherwise than a column a layer. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { LayoutChoice } from "../lib/encode_job.ts";
import { decodeRun } from "../lib/decode_run.ts";
import { openRun } from "../lib/open_run.ts";
import { validLength } from "../models/codec.ts";
import { TemporaryFolder } from "./models/temporary_folder.ts";
import { checkNarrowRun, narrowCheckpoint, NarrowRun, wavsOf } from "./support/narrow_run.ts";
import { CLIPS, type SmallRun, smallRun } from "./support/small_run.ts";
import { problemsOf, rewrite, type Row, verify } from "./verify/fixture.ts";

function tokensOf({ raw }: { raw: Row }): number[] {
  const { tokens } = raw;
  assert.ok(Array.isArray(tokens));
  return tokens;
}

Deno.test("a run with SNAC in the layout of Orpheus is checked, and sounds as one in layers", async () => {
  using layers = await NarrowRun.of("snac/narrow", { windowSeconds: 2 });
  using run = await NarrowRun.of("snac/narrow", { windowSeconds: 2, layout: "orpheus" });
  const rows = await run.rows();
  assert.deepEqual(rows.map(({ codes }) => codes), (await layers.rows()).map(({ codes }) => codes));
  for (const row of rows) {
    const frames = Math.ceil(row.numSamples / 2048);
    assert.equal(tokensOf(row).length, 7 * frames);
    const valid = [2048, 1024, 512].map((hop) => Math.ceil(row.numSamples / hop));
    assert.deepEqual(row.codes.map((layer) => layer.length), valid);
    assert.deepEqual([row.raw["num_layers"], row.raw["token_lengths"]], [3, valid]);
    assert.deepEqual([row.encodedLen, row.decodedSamples], [valid[2], row.numSamples]);
  }
  const { problems, rebatch, ok } = await run.verify();
  assert.deepEqual([problems, ok, rebatch?.mismatches], [[], true, 0]);
  // Those of the model's own padding in the last frame are compared as well.
  assert.equal(rebatch?.tokens, rows.reduce((sum, row) => sum + tokensOf(row).length, 0));
  assert.deepEqual(await run.decode(), await layers.decode());
  const vocabulary = JSON.parse(Deno.readTextFileSync(join(run.directory, "vocabulary.json")));
  assert.deepEqual([vocabulary.columns, vocabulary.base], [["tokens"], 128_266]);
});

Deno.test("a run without repeated frames is checked, and decoded to the length of those kept", async () => {
  using run = await NarrowRun.of("snac/narrow", { layout: "orpheus", removeRepeatedFrames: true });
  await using codec = await run.open();
  const rows = await run.rows();
  let removed = 0;
  for (const row of rows) {
    const frames = tokensOf(row).length / 7;
    removed += Math.ceil(row.numSamples / 2048) - frames;
    assert.equal(row.codes[0]?.length, frames);
    assert.equal(row.decodedSamples, Math.min(row.numSamples, 2048 * frames));
    assert.equal(row.encodedLen, validLength(codec.spec, 2, row.numSamples));
  }
  assert.ok(removed > 0, "the clips have repeated frames");
  const { problems, rebatch } = await run.verify();
  assert.deepEqual([problems, rebatch?.mismatches], [[], 0]);
  const wavs = await run.decode();
  const cut = rows.map((row) => ({ ...row, numSamples: row.decodedSamples }));
  assert.deepEqual(wavs, await wavsOf(cut, codec));
});

const CHOICES: readonly LayoutChoice[] = [
  { name: "layers", base: 300, removeRepeatedFrames: false },
  { name: "frame_interleaved", base: null, removeRepeatedFrames: false },
  { name: "codebook_interleaved", base: 9, removeRepeatedFrames: false },
  { name: "delay", base: null, removeRepeatedFrames: false },
  { name: "kani", base: null, removeRepeatedFrames: false },
];

async function codesOf(small: SmallRun): Promise<readonly (readonly [string, number[][]])[]> {
  using run = await openRun(small.directory);
  return (await Array.fromAsync(run.rows())).map(({ id, codes }) => [id, codes] as const);
}

async function decoded(small: SmallRun, id: string): Promise<Uint8Array> {
  const output = join(small.directory, "..", "wav");
  await Array.fromAsync(decodeRun(small.directory, { output, ids: [id], threads: 1 }));
  return Deno.readFileSync(join(output, `${id}.wav`));
}

Deno.test("rows of every layout are read, verified and decoded as those of layers", async (t) => {
  using layers = await smallRun();
  const [codes, wav] = [await codesOf(layers), await decoded(layers, "0_george_0")];
  for (const layout of CHOICES) {
    await t.step(layout.name, async () => {
      using small = await smallRun({ layout });
      assert.deepEqual(await codesOf(small), codes);
      const { problems, rebatch } = await verify(small, { rebatch: 0.2 });
      assert.deepEqual([problems, rebatch?.mismatches], [[], 0]);
      assert.deepEqual(await decoded(small, "0_george_0"), wav);
      // As a published dataset is read.
      Deno.removeSync(join(small.directory, ".speechmill"), { recursive: true });
      assert.deepEqual(await codesOf(small), codes);
    });
  }
});

const DAMAGES: readonly (readonly [string, (tokens: number[]) => number[], RegExp])[] = [
  ["one too few", (tokens) => tokens.slice(1), /its tokens are wrong: .* ends after 3 of 4 tokens/],
  [
    "a frame too few",
    (tokens) => tokens.slice(4),
    /its layer 1 has \d+ codes where \d+ samples make \d+$/,
  ],
  ["no id", (tokens) => tokens.with(5, 64_409), /token 6 of its tokens is 64409, ids are 64410 to/],
  [
    "that of another codebook",
    (tokens) => tokens.with(5, 64_410),
    /token 6 is 64410, slot 2 of a frame has the ids 68442 to 69465$/,
  ],
];

Deno.test("verifyRun() finds tokens that are none of the layout", async () => {
  const layout = { name: "kani", base: null, removeRepeatedFrames: false } as const;
  using small = await smallRun({ layout, shardSize: 20, valRatio: 0 });
  const file = "data/train-00000-of-00001.jsonl.gz";
  const original = Deno.readFileSync(join(small.directory, file));
  for (const [name, change, message] of DAMAGES) {
    Deno.writeFileSync(join(small.directory, file), original);
    rewrite(
      small,
      file,
      (rows) =>
        rows.map((row, i) => i === 1 ? { ...row, tokens: change(tokensOf({ raw: row })) } : row),
    );
    const found = (await problemsOf(small)).filter((line) => line.startsWith("row "));
    assert.equal(found.length, 1, name);
    assert.match(found[0] ?? "", message);
  }
  using run = await openRun(small.directory);
  await assert.rejects(
    Array.fromAsync(run.rows()),
    new RegExp(`^SpeechmillError: Cannot read row '${CLIPS[1]}': .*: 'speechmill verify' tells`),
  );
});

Deno.test("all layers of an 8-codebook codec arrive, not the first four", async () => {
  using run = await NarrowRun.of("mimi/transformers_narrow", { codebooks: 8 });
  await checkNarrowRun(run, { codebooks: 8 });
  for (const { codes, raw } of await run.rows()) {
    assert.equal(codes.length, 8);
    const names = Object.keys(raw).filter((name) => name.includes("_layer_"));
    assert.deepEqual(names, Array.from({ length: 8 }, (_, i) => `mimi_layer_${i + 1}`));
  }
});

Deno.test("44 kHz SNAC is resampled to 44,100 Hz", async () => {
  using temporary = new TemporaryFolder();
  const checkpoint = temporary.file("snac_44khz");
  Deno.mkdirSync(checkpoint);
  for (const { name } of Deno.readDirSync(narrowCheckpoint("snac/narrow"))) {
    Deno.copyFileSync(join(narrowCheckpoint("snac/narrow"), name), join(checkpoint, name));
  }
  const config = join(checkpoint, "config.json");
  const text = Deno.readTextFileSync(config).replace("24000", "44100");
  Deno.writeTextFileSync(config, text);
  using run = await NarrowRun.of(checkpoint);
  await checkNarrowRun(run);
  for (const { sampleRate, numSamples, duration } of await run.rows()) {
    assert.equal(sampleRate, 44_100);
    assert.ok(Math.abs(numSamples - duration * 44_100) <= 1, `${numSamples} in ${duration} s`);
  }
});
