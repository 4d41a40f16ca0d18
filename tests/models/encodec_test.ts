import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { TensorFacts } from "../../lib/checkpoints/checkpoint.ts";
import { SpeechmillError, UsageError } from "../../lib/errors.ts";
import type { CodecSettings, OpenedModel } from "../../models/checkpoint_family.ts";
import { chooseFiles } from "../../models/convert/choose_files.ts";
import { localModel } from "../../models/convert/model_files.ts";
import { openModel } from "../../models/convert/open_model.ts";
import { ENCODEC } from "../../models/encodec/mod.ts";
import { checkByCodebooks } from "../conformance/check.ts";
import { checkEncodecGolden } from "../conformance/encodec.ts";
import { ConvertedTestCodec } from "../support/converted.ts";
import { checkEncoding, goldenModel, readGolden } from "../support/golden.ts";

const NARROW = await readGolden("encodec/narrow");
const CHECKPOINTS = new URL("../data/checkpoints/encodec/", import.meta.url);

for (const name of ["narrow", "narrow_original"]) {
  Deno.test(`EnCodec gives the codes and the sound of the reference: ${name}`, async () => {
    await checkEncodecGolden(`encodec/${name}`);
  });
}

for (const [folder, name] of [["transformers", "narrow"], ["original", "narrow_original"]]) {
  Deno.test(`EnCodec is read from the files of its authors: ${folder}`, async () => {
    const files = localModel(fileURLToPath(new URL(`${folder}/`, CHECKPOINTS)));
    const chosen = chooseFiles(files);
    assert.ok(chosen.kind === "weights");
    using opened = await openModel(files, chosen);
    assert.ok(ENCODEC.recognises(opened.model));
    const { encode, ...golden } = await readGolden(`encodec/${name}`);
    await checkByCodebooks(ENCODEC, { ...golden, encode: encode.slice(-2) }, opened.model);
  });
}

Deno.test("EnCodec 24 kHz gives the reference's codes, from one sample on", async () => {
  const golden = await readGolden("encodec/original");
  const model = goldenModel("encodec_24khz", golden);
  await using converted = await ConvertedTestCodec.of(ENCODEC, model, { bandwidth: 24 });
  for (const test of golden.encode.filter(({ samples }) => samples < 2000)) {
    await checkEncoding(converted.codec, test);
  }
});

Deno.test("EnCodec gives the same codes and sound in pieces", async () => {
  // Pieces are 20 s long; at so few samples a second, these are soon over.
  const config = { ...NARROW.config, "sampling_rate": 50, "target_bandwidths": [0.03, 0.09] };
  const model = goldenModel("narrow", { ...NARROW, config });
  const { spec, layout } = await ENCODEC.convert(model, {});
  const longest = Math.max(...NARROW.encode.map(({ samples }) => samples));
  assert.ok((layout.analysis?.context ?? Infinity) + 60 * spec.sampleRate < longest);
  assert.ok((layout.synthesis?.context ?? Infinity) + 60 * spec.sampleRate < longest);
  await checkByCodebooks(ENCODEC, NARROW, model);
});

Deno.test("EnCodec says what its codecs are", async () => {
  const golden = await readGolden("encodec/encodec_24khz");
  const model = goldenModel("facebook/encodec_24khz", golden);
  const { spec, layout } = await ENCODEC.convert(model, {});
  assert.deepEqual(spec, {
    id: "facebook/encodec_24khz",
    name: "encodec",
    sampleRate: 24_000,
    paddingUnit: 1,
    minimumSamples: 1,
    hopLengths: [320, 320, 320, 320, 320, 320, 320, 320],
    codebookSize: 1024,
    context: null,
    licence: "MIT",
    notice: "MIT is the licence of EnCodec's code; its authors name none for the weights alone",
  });
  assert.deepEqual(layout.analysis, { hop: 320, context: 640 });
  assert.deepEqual(layout.synthesis, { hop: 320, context: 960 });
});

Deno.test("EnCodec takes as many codebooks as a bandwidth has", async () => {
  const model = goldenModel("encodec", await readGolden("encodec/original"));
  const cases: readonly [CodecSettings, number][] = [
    [{}, 8],
    [{ bandwidth: 1.5 }, 2],
    [{ bandwidth: 3 }, 4],
    [{ bandwidth: 6, codebooks: 8 }, 8],
    [{ bandwidth: 12 }, 16],
    [{ bandwidth: 24 }, 32],
    [{ codebooks: 5 }, 5],
  ];
  for (const [settings, codebooks] of cases) {
    const { spec } = await ENCODEC.convert(model, settings);
    assert.equal(spec.hopLengths.length, codebooks, JSON.stringify(settings));
  }
});

Deno.test("EnCodec refuses settings that it does not have", async () => {
  const model = goldenModel("encodec", await readGolden("encodec/original"));
  const cases: readonly [CodecSettings, string][] = [
    [{ bandwidth: 7 }, "with 7 kbps: its bandwidths are 1.5, 3, 6, 12, 24"],
    [{ codebooks: 33 }, "with 33 codebooks: it has 1 to 32"],
    [{ codebooks: 0 }, "with 0 codebooks: it has 1 to 32"],
    [{ codebooks: 1.5 }, "with 1.5 codebooks: it has 1 to 32"],
    [
      { bandwidth: 3, codebooks: 8 },
      "with 3 kbps and 8 codebooks: 3 kbps are 4 codebooks",
    ],
    [{ chunked: true }, "with chunked: the settings of EnCodec are bandwidth and codebooks"],
    [{ noiseSeed: 1 }, "with noiseSeed: the settings of EnCodec are bandwidth and codebooks"],
  ];
  for (const [settings, problem] of cases) {
    await assert.rejects(
      ENCODEC.convert(model, settings),
      new UsageError(`Cannot convert 'encodec' ${problem}`),
    );
  }
});

Deno.test("EnCodec knows its models by their config, or by the names of their tensors", async () => {
  const original = goldenModel("encodec", await readGolden("encodec/original"));
  const narrow = goldenModel("narrow", NARROW);
  assert.ok(ENCODEC.recognises(original));
  assert.ok(ENCODEC.recognises(narrow));
  assert.ok(!ENCODEC.recognises({ ...narrow, config: null }));
  assert.ok(!ENCODEC.recognises({ ...narrow, config: { ...narrow.config, "model_type": "dac" } }));
});

Deno.test("EnCodec names the field of a config that does not fit", async () => {
  const cases: readonly [OpenedModel["config"], string][] = [
    [{ "audio_channels": 2 }, "audio_channels: 2 where only 1 is known"],
    [{ "use_causal_conv": false }, "use_causal_conv: false where only true is known"],
    [{ "pad_mode": null }, "pad_mode: null where only reflect is known"],
    [{ "stride": 3 }, "unknown field 'stride'"],
    [{ "codebook_dim": 5 }, "codebook_dim is 5 and hidden_size 4: they are the same"],
    [{ "compress": 3 }, "compress: num_filters, 2, is no multiple of 3"],
    [{ "target_bandwidths": [30, 10] }, "target_bandwidths: 10 is out of order"],
    [
      { "target_bandwidths": [1] },
      "target_bandwidths: the largest is not enough for a codebook",
    ],
  ];
  for (const [fields, problem] of cases) {
    const model = goldenModel("narrow", { ...NARROW, config: { ...NARROW.config, ...fields } });
    await assert.rejects(
      ENCODEC.convert(model, {}),
      new UsageError(
        `Cannot convert 'narrow': its config 'seeded/config.json' does not fit: ${problem}`,
      ),
    );
  }
});

Deno.test("EnCodec names the tensor that does not fit its config", async () => {
  const replaced = (name: string, change: Partial<TensorFacts>) =>
    NARROW.tensors.map((facts) => facts.name === name ? { ...facts, ...change } : facts);
  const lstm = "encoder.layers.13.lstm.weight_hh_l1";
  const cases: readonly [readonly TensorFacts[], string][] = [
    [
      NARROW.tensors.filter(({ name }) => name !== lstm),
      `it has no tensor '${lstm}' [64, 16], which the config asks for`,
    ],
    [
      replaced(lstm, { shape: [64, 8] }),
      `tensor '${lstm}' is [64, 8] where the config asks for [64, 16]`,
    ],
    [replaced(lstm, { type: "int64" }), `tensor '${lstm}' holds int64 where floats are due`],
    [
      [...NARROW.tensors, { name: "decoder.layers.99.conv.bias", shape: [1], type: "float32" }],
      "tensor 'decoder.layers.99.conv.bias' belongs to no layer that the config describes; " +
      "use the config that was published with these weights",
    ],
  ];
  for (const [tensors, problem] of cases) {
    await assert.rejects(
      ENCODEC.convert(goldenModel("narrow", { ...NARROW, tensors }), {}),
      new SpeechmillError(`Cannot convert 'seeded': ${problem}`),
    );
  }
});
