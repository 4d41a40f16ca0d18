import assert from "node:assert/strict";
import { join } from "node:path";
import type { Checkpoint, PlainValue, TensorFacts } from "../../lib/checkpoints/checkpoint.ts";
import { openNemo } from "../../lib/checkpoints/nemo.ts";
import { SpeechmillError, UsageError } from "../../lib/errors.ts";
import type { CodecSettings, OpenedModel } from "../../models/checkpoint_family.ts";
import { convertCodec } from "../../models/convert/convert.ts";
import { parseConfig } from "../../models/convert/open_model.ts";
import { NEMO } from "../../models/nemo/mod.ts";
import { checkNemoGolden } from "../conformance/nemo.ts";
import { checkWindows } from "../conformance/check.ts";
import { ConvertedTestCodec } from "../support/converted.ts";
import { checkEncoding, decodingDifference } from "../support/golden.ts";
import { NARROW_MODELS, type NemoGolden, readNemoGolden } from "../support/nemo_golden.ts";
import { TemporaryFolder } from "./temporary_folder.ts";

for (const name of NARROW_MODELS) {
  Deno.test(`NeMo '${name}' gives the reference's codes and sound`, () => checkNemoGolden(name));

  Deno.test(`NeMo '${name}' gives the same codes in windows`, async () => {
    const { model } = await readNemoGolden(name);
    await using converted = await ConvertedTestCodec.of(NEMO, model);
    await checkWindows(converted.codec, 150);
  });

  Deno.test(`NeMo '${name}' gives the same sound in pieces`, async () => {
    const { model } = await readNemoGolden(name);
    const { layout } = await NEMO.convert(model, {});
    await using converted = await ConvertedTestCodec.of(NEMO, model);
    const { codec } = converted;
    const { paddingUnit: hop, hopLengths, codebookSize } = codec.spec;
    const context = (layout.decoderContext ?? NaN) / hop;
    const frames = 3 * context + 1;
    const codes = hopLengths.map((_, layer) =>
      Array.from({ length: frames }, (_, i) => (i * 7919 + layer * 104729) % codebookSize)
    );
    const whole = await codec.decode(codes);
    const piece = await codec.decode(codes.map((row) => row.slice(1, 2 * context + 2)));
    const [from, to] = [(context + 1) * hop, (context + 2) * hop];
    const kept = piece.subarray(context * hop, (context + 1) * hop);
    whole.subarray(from, to).forEach((sample, i) => {
      assert.ok(Math.abs(sample - (kept[i] ?? NaN)) < 1e-6, `sample ${i}`);
    });
  });

  Deno.test(`NeMo reads the archive '${name}.nemo'`, async () => {
    const golden = await readNemoGolden(name);
    const path = join(import.meta.dirname ?? "", `../data/checkpoints/nemo/${name}.nemo`);
    const { config: text, checkpoint } = await openNemo(path);
    using weights = checkpoint;
    const config = await parseConfig("model_config.yaml", text);
    const model = { id: name, config, configPath: path, checkpoint: weights };
    assert.ok(NEMO.recognises(model));
    await using converted = await ConvertedTestCodec.of(NEMO, model);
    for (const test of golden.encode.slice(-2)) await checkEncoding(converted.codec, test);
    for (const test of golden.decode.slice(-1)) {
      assert.ok(await decodingDifference(converted.codec, test) < 1e-4);
    }
  });
}

Deno.test("NanoCodec of 0.6 kbps gives the reference's codes and sound", async () => {
  const golden = await readNemoGolden("nemo-nano-codec-22khz-0.6kbps-12.5fps");
  await using converted = await ConvertedTestCodec.of(NEMO, golden.model);
  const { codec } = converted;
  assert.deepEqual(codec.spec, {
    id: "nvidia/nemo-nano-codec-22khz-0.6kbps-12.5fps",
    name: "nano",
    sampleRate: 22_050,
    paddingUnit: 1764,
    minimumSamples: 1764,
    hopLengths: [1764, 1764, 1764, 1764],
    codebookSize: 4032,
    context: 24_696,
    licence: "NVIDIA Open Model License",
    notice: "NVIDIA made this codec for fine-tuning with few speakers and advises against it for " +
      "general audio",
  });
  for (const test of golden.encode.slice(0, 4)) await checkEncoding(codec, test);
  for (const test of golden.decode.slice(0, 1)) {
    assert.ok(await decodingDifference(codec, test) < 1e-4);
  }
});

Deno.test("NeMo says what its published models are", async () => {
  const spec = async (name: string) => {
    const { spec } = await NEMO.convert((await readNemoGolden(name)).model, {});
    const { name: column, minimumSamples, hopLengths, codebookSize, notice } = spec;
    return { column, minimumSamples, layers: hopLengths.length, codebookSize, notice };
  };
  assert.deepEqual(await spec("nemo-nano-codec-22khz-1.78kbps-12.5fps"), {
    ...{ column: "nano", minimumSamples: 1764, layers: 13, codebookSize: 2016, notice: null },
  });
  assert.deepEqual(await spec("nemo-nano-codec-22khz-1.89kbps-21.5fps"), {
    ...{ column: "nano", minimumSamples: 1024, layers: 8, codebookSize: 2016, notice: null },
  });
  assert.deepEqual(await spec("audio-codec-44khz"), {
    ...{ column: "nemo44", minimumSamples: 2048, layers: 8, codebookSize: 1000 },
    notice: "its weights, and what is made with them, may be used non-commercially only",
  });
});

Deno.test("NeMo does not claim to know the terms of others' models", async () => {
  const { spec } = await NEMO.convert((await readNemoGolden("narrow_nano")).model, {});
  assert.deepEqual([spec.name, spec.licence], ["nano", "unknown"]);
  assert.match(spec.notice ?? "", /ask who trained it/);
});

Deno.test("NeMo encodes one sample, and decodes fewer frames than it can reflect", async () => {
  const { model } = await readNemoGolden("narrow_44khz");
  await using converted = await ConvertedTestCodec.of(NEMO, model);
  const { codec } = converted;
  const padded = new Float32Array(codec.spec.minimumSamples);
  padded[0] = 0.5;
  const [whole = []] = await codec.encodeBatch([padded]);
  const codes = await codec.encode(Float32Array.of(0.5));
  assert.deepEqual(codes, whole.map((row) => row.slice(0, 1)));
  assert.equal((await codec.decode(codes)).length, 8);
});

Deno.test("convertCodec() converts a folder with a .nemo archive", async () => {
  using folder = new TemporaryFolder();
  const data = join(import.meta.dirname ?? "", "../data/checkpoints/nemo");
  await Deno.copyFile(join(data, "narrow_nano.nemo"), folder.file("narrow_nano.nemo"));
  const { folder: output } = await convertCodec(folder.path, { output: folder.file("codec") });
  const written = [...Deno.readDirSync(output)].map(({ name }) => name);
  assert.ok(written.includes("encoder.onnx") && written.includes("decoder.onnx"));
});

Deno.test("NeMo refuses settings that it has not", async () => {
  const { model } = await readNemoGolden("narrow_nano");
  const refused: CodecSettings[] = [
    { bandwidth: 6 },
    { codebooks: 2 },
    { chunked: true },
    { noiseSeed: 0 },
  ];
  for (const settings of refused) {
    await assert.rejects(
      NEMO.convert(model, settings),
      new UsageError(
        `Cannot convert 'nvidia/narrow_nano' with ${Object.keys(settings)}: NeMo codecs have no ` +
          "setting but precision",
      ),
    );
  }
});

type Section = { readonly [key: string]: PlainValue };

/** A model with some fields of its config set. */
function withFields({ model, config }: NemoGolden, changes: Record<string, Section>): OpenedModel {
  const changed = Object.entries(changes).map(([section, fields]) =>
    section === "" ? fields : { [section]: { ...(config[section] as Section), ...fields } }
  );
  return { ...model, config: Object.assign({}, config, ...changed) };
}

Deno.test("NeMo refuses a config that contradicts itself or names an unknown field", async () => {
  const golden = await readNemoGolden("narrow_nano");
  const refused: [Record<string, Section>, string][] = [
    [{ "": { resampler: 1 } }, "unknown field 'resampler'"],
    [{ audio_encoder: { dropout: 0.1 } }, "unknown field 'audio_encoder.dropout'"],
    [{ audio_decoder: { out_kernel_sizes: 3 } }, "unknown field 'audio_decoder.out_kernel_sizes'"],
    [{ vector_quantizer: { codebook_dim: 8 } }, "unknown field 'vector_quantizer.codebook_dim'"],
    [
      { "": { samples_per_frame: 24 } },
      "audio_encoder.down_sample_rates: 3 × 4 is 12 and samples_per_frame 24",
    ],
    [
      { audio_decoder: { up_sample_rates: [3, 3] } },
      "audio_decoder.up_sample_rates: 3 × 3 is 9 and samples_per_frame 12",
    ],
    [
      { audio_encoder: { encoded_dim: 9 } },
      "audio_encoder.encoded_dim is 9 where vector_quantizer has 8 dimensions",
    ],
    [
      { audio_decoder: { input_dim: 16 } },
      "audio_decoder.input_dim is 16 where vector_quantizer has 8 dimensions",
    ],
    [
      { audio_decoder: { base_channels: 10 } },
      "audio_decoder.base_channels: 10 cannot be halved 2 times",
    ],
    [
      { audio_encoder: { in_kernel_size: 4 } },
      "audio_encoder.in_kernel_size: only odd kernels are known",
    ],
    [
      { audio_encoder: { base_channels: "${none.such}" } },
      "'${none.such}' refers to a field that is not there",
    ],
    [
      {
        audio_encoder: { encoded_dim: "${audio_decoder.input_dim}" },
        audio_decoder: { input_dim: "${audio_encoder.encoded_dim}" },
      },
      "'${audio_decoder.input_dim}' refers to itself",
    ],
  ];
  for (const [changes, problem] of refused) {
    const message = "Cannot convert 'nvidia/narrow_nano': its config " +
      `'narrow_nano.nemo/model_config.yaml' does not fit: ${problem}`;
    await assert.rejects(NEMO.convert(withFields(golden, changes), {}), new UsageError(message));
  }
});

Deno.test("NeMo refuses modules that it does not know", async () => {
  const golden = await readNemoGolden("narrow_nano");
  const target = "nemo.collections.tts.modules.encodec_modules.SEANetEncoder";
  const model = withFields(golden, { audio_encoder: { _target_: target } });
  assert.ok(!NEMO.recognises({ ...model, config: { audio_encoder: "none" } }));
  assert.ok(NEMO.recognises(model));
  await assert.rejects(
    NEMO.convert(model, {}),
    /does not fit: audio_encoder\._target_: .*HiFiGANEncoder.*CausalHiFiGANEncoder/,
  );
});

Deno.test("NeMo follows references between the fields of a config", async () => {
  const golden = await readNemoGolden("narrow_nano");
  const followed = withFields(golden, {
    audio_decoder: { input_dim: "${audio_encoder.encoded_dim}" },
    vector_quantizer: { num_groups: "${disc_update_period}" },
    "": { disc_update_period: 2 },
  });
  assert.equal((await NEMO.convert(followed, {})).spec.hopLengths.length, 2);
});

/** A model with other tensors. */
function withTensors(
  { model, tensors }: NemoGolden,
  change: (tensors: readonly TensorFacts[]) => readonly TensorFacts[],
  integers: Readonly<Record<string, readonly number[]>> = {},
): OpenedModel {
  const checkpoint: Checkpoint = {
    ...model.checkpoint,
    tensors: new Map(change(tensors).map((facts) => [facts.name, facts])),
    readFloat32: (name) =>
      integers[name] === undefined
        ? model.checkpoint.readFloat32(name)
        : Promise.resolve(Float32Array.from(integers[name])),
    [Symbol.dispose]() {},
  };
  return { ...model, checkpoint };
}

Deno.test("NeMo refuses tensors that are not those of its config", async () => {
  const golden = await readNemoGolden("narrow_nano");
  const first = "audio_encoder.pre_conv.conv.bias";
  const changed = (name: string, change: Partial<TensorFacts>) => (all: readonly TensorFacts[]) =>
    all.map((facts) => facts.name === name ? { ...facts, ...change } : facts);
  const levels = "vector_quantizer.fsqs.1.num_levels";
  const refused: [OpenedModel, string][] = [
    [
      withTensors(golden, (all) => all.filter(({ name }) => name !== first)),
      `it has no tensor '${first}' [2], which the config asks for`,
    ],
    [
      withTensors(golden, changed(first, { shape: [4] })),
      `tensor '${first}' is [4] where the config asks for [2]`,
    ],
    [
      withTensors(golden, changed(first, { type: "int32" })),
      `tensor '${first}' holds int32 where floats are due`,
    ],
    [
      withTensors(golden, changed(levels, { type: "float32" })),
      `tensor '${levels}' holds float32 where integers are due`,
    ],
    [
      withTensors(golden, (all) => all, { [levels]: [9, 8, 7, 7] }),
      `tensor '${levels}' holds 9, 8, 7, 7 where the config says 9, 8, 8, 7`,
    ],
    [
      withTensors(golden, (all) => [
        ...all,
        { name: "discriminator.conv.weight", shape: [1], type: "float32" },
        { name: "audio_encoder.extra", shape: [1], type: "float32" },
      ]),
      "tensor 'audio_encoder.extra' belongs to no layer that the config describes; use the " +
      "config that was published with these weights",
    ],
  ];
  for (const [model, problem] of refused) {
    await assert.rejects(
      NEMO.convert(model, {}),
      new SpeechmillError(`Cannot convert 'narrow_nano.nemo': ${problem}`),
    );
  }
});
