import assert from "node:assert/strict";
import { join } from "node:path";
import { openCheckpoint } from "../../lib/checkpoints/open.ts";
import type { PlainValue } from "../../lib/checkpoints/checkpoint.ts";
import { UsageError } from "../../lib/errors.ts";
import type { CodecSettings } from "../../models/checkpoint_family.ts";
import { DAC } from "../../models/dac/mod.ts";
import { checkChunked, type ChunkedGolden } from "../support/chunked.ts";
import { checkCases, checkWindows } from "../conformance/check.ts";
import { ConvertedTestCodec } from "../support/converted.ts";
import { checkEncoding, decodingDifference, goldenModel, readGolden } from "../support/golden.ts";
import { seededAudio, SeededCheckpoint } from "../support/seeded.ts";

const NARROW = ["narrow_16khz", "narrow_24khz", "narrow_44khz"];

for (const name of NARROW) {
  Deno.test(`DAC '${name}' gives the reference's codes and sound`, async () => {
    const golden = await readGolden(`dac/${name}`);
    await using converted = await ConvertedTestCodec.of(DAC, goldenModel(name, golden));
    await checkCases(converted.codec, golden);
  });

  Deno.test(`DAC '${name}' gives the codes and the sound of the reference's command line`, async () => {
    const golden = await readGolden(`dac/${name}`) as ChunkedGolden;
    const model = goldenModel(name, golden);
    await using converted = await ConvertedTestCodec.of(DAC, model, { chunked: true });
    for (const test of golden.chunked) await checkChunked(converted.codec, test);
  });

  Deno.test(`DAC '${name}' gives the same codes in windows`, async () => {
    const golden = await readGolden(`dac/${name}`);
    await using converted = await ConvertedTestCodec.of(DAC, goldenModel(name, golden));
    await checkWindows(converted.codec, 120);
  });
}

Deno.test("DAC 16 kHz gives the reference's codes and sound", async () => {
  const golden = await readGolden("dac/weights_16khz");
  const model = goldenModel("weights_16khz.pth", golden);
  await using converted = await ConvertedTestCodec.of(DAC, model);
  const { codec } = converted;
  assert.deepEqual(codec.spec, {
    id: "weights_16khz.pth",
    name: "dac",
    sampleRate: 16_000,
    paddingUnit: 320,
    minimumSamples: 320,
    hopLengths: new Array<number>(12).fill(320),
    codebookSize: 1024,
    context: 2560,
    licence: "MIT",
    notice: null,
  });
  for (const test of golden.encode.slice(0, -1)) await checkEncoding(codec, test);
  for (const test of golden.decode.slice(0, -1)) {
    const difference = await decodingDifference(codec, test);
    assert.ok(difference < 1e-4, `${test.samples} samples: ${difference}`);
  }
});

const CHECKPOINTS = [
  { folder: "original/weights.pth", golden: "narrow_16khz" },
  { folder: "parametrizations/weights.pth", golden: "narrow_24khz" },
  { folder: "transformers/model.safetensors", golden: "narrow_44khz" },
];

for (const { folder, golden: name } of CHECKPOINTS) {
  Deno.test(`DAC reads its checkpoint '${folder}'`, async () => {
    const golden = await readGolden(`dac/${name}`);
    const path = join(import.meta.dirname ?? "", "../data/checkpoints/dac", folder);
    using checkpoint = await openCheckpoint(path);
    const config = "metadata" in checkpoint.metadata
      ? checkpoint.metadata
      : JSON.parse(await Deno.readTextFile(join(path, "../config.json")));
    assert.deepEqual(config, golden.config);
    const model = { id: "narrow", config, configPath: path, checkpoint };
    assert.ok(DAC.recognises(model));
    await using converted = await ConvertedTestCodec.of(DAC, model);
    for (const test of golden.encode.slice(-2)) await checkEncoding(converted.codec, test);
  });
}

Deno.test("DAC gives the first codebooks that are asked for", async () => {
  const golden = await readGolden("dac/narrow_24khz");
  const model = goldenModel("narrow", golden);
  await using all = await ConvertedTestCodec.of(DAC, model);
  await using two = await ConvertedTestCodec.of(DAC, model, { codebooks: 2 });
  const pcm = seededAudio(2, 5000);
  assert.deepEqual(await two.codec.encode(pcm), (await all.codec.encode(pcm)).slice(0, 2));
  assert.equal((await two.codec.decode([[1, 2], [3, 4]])).length, 632);
});

Deno.test("DAC decodes to as many samples as a clip has, though odd strides give fewer", async () => {
  const golden = await readGolden("dac/narrow_16khz");
  await using converted = await ConvertedTestCodec.of(DAC, goldenModel("narrow", golden));
  const pcm = await converted.codec.decode(await converted.codec.encode(seededAudio(1, 640)), 640);
  assert.equal(pcm.length, 640);
  assert.ok(pcm.subarray(-8).every((sample) => sample === 0));
  assert.ok(pcm.subarray(-16, -8).some((sample) => sample !== 0));
});

Deno.test("DAC refuses settings that it has not", async () => {
  const model = goldenModel("narrow", await readGolden("dac/narrow_16khz"));
  const refused: [CodecSettings, string][] = [
    [
      { bandwidth: 6 },
      "Cannot convert 'narrow' with bandwidth: the settings of DAC are codebooks, chunked and precision",
    ],
    [
      { noiseSeed: 0 },
      "Cannot convert 'narrow' with noiseSeed: the settings of DAC are codebooks, chunked and precision",
    ],
    [{ codebooks: 0 }, "Cannot convert 'narrow' with 0 codebooks: it has 1 to 3"],
    [{ codebooks: 4 }, "Cannot convert 'narrow' with 4 codebooks: it has 1 to 3"],
  ];
  for (const [settings, message] of refused) {
    await assert.rejects(DAC.convert(model, settings), new UsageError(message));
  }
});

/** The narrow model of the authors' format with other arguments. */
async function withArguments(changes: { readonly [key: string]: PlainValue }) {
  const golden = await readGolden("dac/narrow_16khz");
  const config = golden.config as { metadata: { kwargs: { [key: string]: PlainValue } } };
  const kwargs = { ...config.metadata.kwargs, ...changes };
  return { ...goldenModel("narrow", golden), config: { metadata: { kwargs } } };
}

Deno.test("DAC refuses a config that contradicts itself or names an unknown field", async () => {
  const refused: [{ readonly [key: string]: PlainValue }, string][] = [
    [{ causal: true }, "unknown field 'metadata.kwargs.causal'"],
    [
      { decoder_rates: [8, 4, 4, 2] },
      "the decoder's rates give 256 samples a frame, the encoder's 320",
    ],
    [{ decoder_dim: 20 }, "the decoder's 20 channels cannot be halved 4 times"],
    [{ codebook_dim: [8, 8] }, "codebook_dim: 2 numbers for 3 codebooks"],
    [
      { encoder_rates: [1, 320] },
      "metadata.kwargs.encoder_rates.0: Too small: expected number to be >=2",
    ],
  ];
  for (const [changes, problem] of refused) {
    const message =
      `Cannot convert 'narrow': its config 'seeded/config.json' does not fit: ${problem}`;
    await assert.rejects(DAC.convert(await withArguments(changes), {}), new UsageError(message));
  }
  const transformers = goldenModel("narrow", await readGolden("dac/narrow_44khz"));
  await assert.rejects(
    DAC.convert({ ...transformers, config: { ...transformers.config, hop_length: 320 } }, {}),
    /does not fit: hop_length is 320, but the rates give 512$/,
  );
});

Deno.test("DAC refuses tensors that are not those of its config", async () => {
  const golden = await readGolden("dac/narrow_16khz");
  const of = (tensors: typeof golden.tensors) => ({
    ...goldenModel("narrow", golden),
    checkpoint: new SeededCheckpoint({ ...golden, tensors }),
  });
  const first = "encoder.block.0.bias";
  const changed = (change: object) =>
    golden.tensors.map((facts) => facts.name === first ? { ...facts, ...change } : facts);
  const refused: [typeof golden.tensors, string][] = [
    [
      golden.tensors.filter(({ name }) => name !== first),
      `it has no tensor '${first}' [3], which the config asks for`,
    ],
    [changed({ shape: [4] }), `tensor '${first}' is [4] where the config asks for [3]`],
    [changed({ type: "int64" }), `tensor '${first}' holds int64 where floats are due`],
    [
      [...golden.tensors, { name: "encoder.extra", shape: [1], type: "float32" }],
      "tensor 'encoder.extra' belongs to no layer that the config describes; use the config that " +
      "was published with these weights",
    ],
  ];
  for (const [tensors, problem] of refused) {
    await assert.rejects(DAC.convert(of(tensors), {}), {
      message: `Cannot convert 'seeded': ${problem}`,
    });
  }
});
