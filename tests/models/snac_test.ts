import assert from "node:assert/strict";
import type { TensorFacts } from "../../lib/checkpoints/checkpoint.ts";
import { openCheckpoint } from "../../lib/checkpoints/open.ts";
import { SpeechmillError, UsageError } from "../../lib/errors.ts";
import type { CodecSettings, OpenedModel } from "../../models/checkpoint_family.ts";
import { PIECE_SECONDS } from "../../models/onnx_encoder.ts";
import { shortestWindow } from "../../models/windows.ts";
import { SNAC } from "../../models/snac/mod.ts";
import { checkSnac, checkSnacGolden, readSnacGolden } from "../conformance/snac.ts";
import { ConvertedTestCodec } from "../support/converted.ts";
import { goldenModel } from "../support/golden.ts";
import { seededAudio } from "../support/seeded.ts";

const NARROW = await readSnacGolden("snac/narrow");

Deno.test("SNAC gives the codes and the sound of the reference: narrow_attention", async () => {
  await checkSnacGolden("snac/narrow_attention");
});

Deno.test("SNAC gives the codes and the sound of the reference: short clips at full size", async () => {
  const { encode, decode, ...golden } = await readSnacGolden("snac/snac_24khz");
  const isShort = ({ samples }: { readonly samples: number }) => samples < 3000;
  const short = {
    ...golden,
    encode: encode.filter(isShort),
    decode: decode.filter((test) => isShort(test) && test.noiseSeed === undefined),
  };
  assert.deepEqual([short.encode.length, short.decode.length], [3, 1]);
  await checkSnac(short, goldenModel("hubertsiuzdak/snac_24khz", short));
});

for (const name of ["narrow", "narrow_attention"]) {
  Deno.test(`SNAC gives the same codes and sound in pieces: ${name}`, async () => {
    const golden = await readSnacGolden(`snac/${name}`);
    // Pieces are 20 s long; at so few samples a second, these are soon over.
    const config = { ...golden.config, "sampling_rate": 100 };
    const model = goldenModel(name, { ...golden, config });
    const { spec, layout } = await SNAC.convert(model, {});
    const longest = Math.max(...golden.encode.map(({ samples }) => samples));
    assert.ok((shortestWindow(spec) ?? Infinity) + spec.paddingUnit < longest);
    assert.ok((layout.decoderContext ?? Infinity) + PIECE_SECONDS * spec.sampleRate < longest);
    await checkSnac(golden, model);
  });
}

// One in the first spelling of weight norm, one in the second.
for (const name of ["narrow", "narrow_dense"]) {
  Deno.test(`SNAC gives the codes and the sound of the reference, from its files: ${name}`, async () => {
    const folder = new URL(`../data/checkpoints/snac/${name}/`, import.meta.url).pathname;
    const configPath = `${folder}config.json`;
    const config = JSON.parse(await Deno.readTextFile(configPath));
    using checkpoint = await openCheckpoint(`${folder}pytorch_model.bin`);
    const golden = await readSnacGolden(`snac/${name}`);
    await checkSnac(golden, { id: folder, config, configPath, checkpoint });
  });
}

Deno.test("SNAC says what its codecs are", async () => {
  const golden = await readSnacGolden("snac/snac_44khz");
  const { spec, layout } = await SNAC.convert(goldenModel("hubertsiuzdak/snac_44khz", golden), {});
  assert.deepEqual(spec, {
    id: "hubertsiuzdak/snac_44khz",
    name: "snac",
    sampleRate: 44_100,
    paddingUnit: 12_288,
    minimumSamples: 12_288,
    hopLengths: [3072, 1536, 768, 384],
    codebookSize: 4096,
    context: 24_576,
    licence: "MIT",
    notice: null,
  });
  assert.deepEqual(layout.codes, ["codes_1", "codes_2", "codes_3", "codes_4"]);
  assert.equal(layout.decoderContext, 24_576);
  assert.equal(layout.position, null);
});

Deno.test("SNAC knows its models by their config, or by the noise blocks of their decoder", () => {
  const model = goldenModel("narrow", NARROW);
  assert.ok(SNAC.recognises(model));
  assert.ok(SNAC.recognises({ ...model, config: null }));
  const others = without(model, /linear/);
  assert.ok(!SNAC.recognises({ ...others, config: null }));
  assert.ok(!SNAC.recognises({ ...others, config: { encoder_rates: [2, 4, 8, 8] } }));
});

Deno.test("SNAC decodes with the same noise for the same seed, and with other noise for another", async () => {
  const model = goldenModel("narrow", NARROW);
  const decode = async (settings: CodecSettings) => {
    await using converted = await ConvertedTestCodec.of(SNAC, model, settings);
    const { codec } = converted;
    const codes = await codec.encode(seededAudio(1, 8192));
    return await codec.decode(codes);
  };
  const first = await decode({ noiseSeed: 0 });
  assert.deepEqual(await decode({ noiseSeed: 0 }), first);
  assert.notDeepEqual(await decode({ noiseSeed: 2 ** 31 - 2 }), first);
  assert.notDeepEqual(await decode({}), first);
});

Deno.test("SNAC in float16 gives about the same codes, and sound", async () => {
  const model = goldenModel("narrow", NARROW);
  await using converted = await ConvertedTestCodec.of(SNAC, model, {
    precision: "float16",
    noiseSeed: 42,
  });
  const [test] = NARROW.encode.filter(({ samples }) => samples === 81_920);
  assert.ok(test);
  const codes = await converted.codec.encode(seededAudio(test.seed, test.samples));
  const due = test.codes[0]?.flat() ?? [];
  const same = codes.flat().filter((code, i) => code === due[i]).length;
  assert.ok(same > 0.95 * due.length, `${same} of ${due.length}`);
  const pcm = await converted.codec.decode(codes);
  assert.ok(pcm.every(Number.isFinite));
});

function without(model: OpenedModel, pattern: RegExp): OpenedModel {
  return withTensors(model, (tensors) => tensors.filter(({ name }) => !pattern.test(name)));
}

function withTensors(
  model: OpenedModel,
  change: (tensors: TensorFacts[]) => readonly TensorFacts[],
): OpenedModel {
  const { checkpoint } = model;
  const tensors = new Map(
    change([...checkpoint.tensors.values()]).map((facts) => [facts.name, facts]),
  );
  return {
    ...model,
    checkpoint: {
      path: checkpoint.path,
      metadata: checkpoint.metadata,
      tensors,
      readFloat32: (name) => checkpoint.readFloat32(name),
      [Symbol.dispose]() {},
    },
  };
}

const CONFIG_CASES: readonly [change: Record<string, unknown>, problem: string][] = [
  [{ "sampel_rate": 1 }, "unknown field 'sampel_rate'"],
  [{ "encoder_rates": null }, "encoder_rates: Invalid input: expected array, received null"],
  [{ "attn_window_size": 0 }, "attn_window_size: Too small: expected number to be >0"],
  [{ "encoder_rates": [2, 4, 8, 1] }, "encoder_rates.3: Too small: expected number to be >=2"],
  [{ "latent_dim": 16 }, "latent_dim: 16, but encoder_dim and encoder_rates give 32"],
  [
    { "decoder_rates": [8, 8, 4, 4] },
    "decoder_rates: their product is 1024, that of encoder_rates 512",
  ],
  [{ "decoder_dim": 24 }, "decoder_dim: 24 cannot be halved 4 times"],
  [{ "vq_strides": [1, 2, 4] }, "vq_strides.1: 2 where the strides fall and divide the first, 1"],
  [{ "vq_strides": [4, 3, 1] }, "vq_strides.1: 3 where the strides fall and divide the first, 4"],
  [{ "attn_window_size": 32 }, "encoder_dim: 32 channels attend, which are no whole heads of 64"],
];

for (const [change, problem] of CONFIG_CASES) {
  Deno.test(`SNAC refuses a config with ${JSON.stringify(change)}`, async () => {
    const config = { ...NARROW.config, ...change } as NonNullable<OpenedModel["config"]>;
    const model = goldenModel("narrow", { ...NARROW, config });
    await assert.rejects(SNAC.convert(model, {}), {
      name: UsageError.name,
      message: `Cannot convert 'narrow': its config 'seeded/config.json' does not fit: ${problem}`,
    });
  });
}

Deno.test("SNAC takes what a config leaves out from the authors' constructor", async () => {
  const config = { ...NARROW.config } as Record<string, unknown>;
  delete config["attn_window_size"];
  const model = goldenModel("narrow", { ...NARROW, config: config as OpenedModel["config"] });
  await assert.rejects(SNAC.convert(model, {}), /no whole heads of 64/);
});

const FIRST = "encoder.block.0.weight_v";

Deno.test("SNAC refuses a checkpoint that lacks a tensor", async () => {
  await assert.rejects(SNAC.convert(without(goldenModel("narrow", NARROW), /0\.weight_v$/), {}), {
    name: SpeechmillError.name,
    message: `Cannot convert 'seeded': it has no tensor '${FIRST}' [2, 1, 7], ` +
      `which the config asks for`,
  });
});

Deno.test("SNAC refuses a checkpoint with a tensor of another shape", async () => {
  const model = withTensors(
    goldenModel("narrow", NARROW),
    (tensors) =>
      tensors.map((facts) => facts.name === FIRST ? { ...facts, shape: [2, 1, 5] } : facts),
  );
  await assert.rejects(SNAC.convert(model, {}), {
    name: SpeechmillError.name,
    message: `Cannot convert 'seeded': tensor '${FIRST}' is [2, 1, 5] where the config asks for ` +
      `[2, 1, 7]`,
  });
});

Deno.test("SNAC refuses a checkpoint with whole numbers for floats", async () => {
  const model = withTensors(
    goldenModel("narrow", NARROW),
    (tensors) => tensors.map((facts) => facts.name === FIRST ? { ...facts, type: "int64" } : facts),
  );
  await assert.rejects(SNAC.convert(model, {}), {
    name: SpeechmillError.name,
    message: `Cannot convert 'seeded': tensor '${FIRST}' holds int64 where floats are due`,
  });
});

Deno.test("SNAC refuses a checkpoint with a tensor more", async () => {
  const model = withTensors(goldenModel("narrow", NARROW), (tensors) => [
    ...tensors,
    { name: "encoder.block.6.weight_g", shape: [1], type: "float32" },
  ]);
  await assert.rejects(SNAC.convert(model, {}), {
    name: SpeechmillError.name,
    message: "Cannot convert 'seeded': tensor 'encoder.block.6.weight_g' belongs to no layer " +
      "that the config describes; use the config that was published with these weights",
  });
});

const SETTING_CASES: readonly [settings: CodecSettings, problem: string][] = [
  [{ bandwidth: 6 }, "with bandwidth: SNAC has the settings noiseSeed and precision"],
  [{ codebooks: 2 }, "with codebooks: SNAC has the settings noiseSeed and precision"],
  [{ chunked: true }, "with chunked: SNAC has the settings noiseSeed and precision"],
  [{ noiseSeed: 1.5 }, "with noiseSeed 1.5: seeds are whole numbers from 0 to 2147483646"],
  [{ noiseSeed: -1 }, "with noiseSeed -1: seeds are whole numbers from 0 to 2147483646"],
];

for (const [settings, problem] of SETTING_CASES) {
  Deno.test(`SNAC refuses the settings ${JSON.stringify(settings)}`, async () => {
    await assert.rejects(SNAC.convert(goldenModel("narrow", NARROW), settings), {
      name: UsageError.name,
      message: `Cannot convert 'narrow' ${problem}`,
    });
  });
}

Deno.test("SNAC refuses noise where a model has no noise blocks", async () => {
  const golden = await readSnacGolden("snac/narrow_dense");
  await assert.rejects(SNAC.convert(goldenModel("dense", golden), { noiseSeed: 1 }), {
    name: UsageError.name,
    message: "Cannot convert 'dense' with noiseSeed: it has no noise blocks",
  });
});
