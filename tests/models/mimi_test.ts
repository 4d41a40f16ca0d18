import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { TensorFacts } from "../../lib/checkpoints/checkpoint.ts";
import { SpeechmillError, UsageError } from "../../lib/errors.ts";
import type { CodecSettings, OpenedModel } from "../../models/checkpoint_family.ts";
import { chooseFiles } from "../../models/convert/choose_files.ts";
import { localModel } from "../../models/convert/model_files.ts";
import { openModel } from "../../models/convert/open_model.ts";
import { MIMI } from "../../models/mimi/mod.ts";
import { checkByCodebooks } from "../conformance/check.ts";
import { checkMimiGolden } from "../conformance/mimi.ts";
import { ConvertedTestCodec } from "../support/converted.ts";
import { checkEncoding, decodingDifference, goldenModel, readGolden } from "../support/golden.ts";
import { seededAudio } from "../support/seeded.ts";

const KYUTAI = await readGolden("mimi/original_narrow");
const TRANSFORMERS = await readGolden("mimi/transformers_narrow");
const CHECKPOINTS = new URL("../data/checkpoints/mimi/", import.meta.url);

for (const name of ["original_narrow", "transformers_narrow"]) {
  Deno.test(`Mimi gives the codes and the sound of the reference: ${name}`, async () => {
    await checkMimiGolden(`mimi/${name}`);
  });

  Deno.test(`Mimi is read from the files of its authors: ${name}`, async () => {
    const files = localModel(fileURLToPath(new URL(`${name}/`, CHECKPOINTS)));
    const chosen = chooseFiles(files);
    assert.ok(chosen.kind === "weights");
    using opened = await openModel(files, chosen);
    assert.ok(MIMI.recognises(opened.model));
    const golden = await readGolden(`mimi/${name}`);
    await checkByCodebooks(MIMI, { ...golden, encode: golden.encode.slice(-2) }, opened.model);
  });
}

Deno.test("Mimi at full size gives the reference's codes and sound, from one sample on", async () => {
  const golden = await readGolden("mimi/original");
  const [one, , batch] = golden.encode;
  const [short] = golden.decode;
  assert.ok(one !== undefined && batch !== undefined && short !== undefined);
  await using converted = await ConvertedTestCodec.of(MIMI, goldenModel("mimi", golden));
  await checkEncoding(converted.codec, one);
  await checkEncoding(converted.codec, batch);
  assert.ok(await decodingDifference(converted.codec, short) < 1e-4);
});

Deno.test("Mimi gives the same codes and sound in pieces", async () => {
  // Pieces are 20 s long; at a tenth of the samples a second, these are over ten times sooner.
  const config = { ...TRANSFORMERS.config, "sampling_rate": 2400, "frame_rate": 1.25 };
  const model = goldenModel("narrow", { ...TRANSFORMERS, config });
  const { spec, layout } = await MIMI.convert(model, {});
  const minute = 60 * spec.sampleRate;
  const longest = Math.max(...TRANSFORMERS.encode.map(({ samples }) => samples));
  assert.ok((layout.analysis?.context ?? Infinity) + minute < longest);
  assert.ok((layout.synthesis?.context ?? Infinity) + minute < longest);
  await checkByCodebooks(MIMI, TRANSFORMERS, model);
});

Deno.test("Mimi says what its codecs are", async () => {
  const model = goldenModel("kyutai/mimi", await readGolden("mimi/transformers"));
  const { spec, layout } = await MIMI.convert(model, {});
  assert.deepEqual(spec, {
    id: "kyutai/mimi",
    name: "mimi",
    sampleRate: 24_000,
    paddingUnit: 1920,
    minimumSamples: 1920,
    hopLengths: new Array<number>(8).fill(1920),
    codebookSize: 2048,
    context: null,
    licence: "CC-BY-4.0",
    notice: null,
  });
  assert.deepEqual(layout.analysis, { hop: 960, context: 3840 });
  assert.deepEqual(layout.synthesis, { hop: 960, context: 8640 });
});

Deno.test("Mimi takes the codebooks that are asked for, and no other setting", async () => {
  const model = goldenModel("mimi", await readGolden("mimi/original"));
  for (const codebooks of [1, 8, 32]) {
    const { spec } = await MIMI.convert(model, { codebooks, precision: "float16" });
    assert.equal(spec.hopLengths.length, codebooks);
  }
  const cases: readonly [CodecSettings, string][] = [
    [{ codebooks: 33 }, "with 33 codebooks: it has 1 to 32"],
    [{ codebooks: 0 }, "with 0 codebooks: it has 1 to 32"],
    [{ codebooks: 1.5 }, "with 1.5 codebooks: it has 1 to 32"],
    [{ bandwidth: 6 }, "with bandwidth: Mimi has the settings codebooks and precision"],
    [
      { chunked: true, noiseSeed: 1 },
      "with chunked and noiseSeed: Mimi has the settings codebooks and precision",
    ],
  ];
  for (const [settings, problem] of cases) {
    await assert.rejects(
      MIMI.convert(model, settings),
      new UsageError(`Cannot convert 'mimi' ${problem}`),
    );
  }
});

Deno.test("Mimi in float16 gives most of the codes and nearly the sound", async () => {
  const model = goldenModel("narrow", TRANSFORMERS);
  await using converted = await ConvertedTestCodec.of(MIMI, model, { precision: "float16" });
  const clip = TRANSFORMERS.encode.find(({ samples }) => samples === 240_001);
  const decoded = TRANSFORMERS.decode.find(({ codes }) => codes.length === 8);
  assert.ok(clip !== undefined && decoded !== undefined);
  const codes = await converted.codec.encode(seededAudio(clip.seed, clip.samples));
  const [due = [], found = []] = [clip.codes[0]?.flat(), codes.flat()];
  const same = due.filter((code, i) => code === found[i]).length / due.length;
  assert.ok(same > 0.9 && same < 1, `${same}`);
  assert.ok(await decodingDifference(converted.codec, decoded) < 0.01);
});

Deno.test("Mimi takes the names that codebooks had before", async () => {
  const older = (name: string) =>
    name.replace(/embedding_sum$/, "embed_avg").replace(/cluster_usage$/, "cluster_size")
      .replace(/_initialized$/, "inited");
  const [first] = KYUTAI.encode;
  assert.ok(first !== undefined);
  const tensors = KYUTAI.tensors.map((facts) => ({ ...facts, name: older(facts.name) }));
  const model = goldenModel("narrow", { ...KYUTAI, tensors });
  assert.ok(MIMI.recognises(model));
  const { spec } = await MIMI.convert(model, { codebooks: 10 });
  assert.equal(spec.hopLengths.length, 10);
});

Deno.test("Mimi knows its models by their config, or by the names of their tensors", async () => {
  const original = goldenModel("mimi", await readGolden("mimi/original"));
  const narrow = goldenModel("narrow", TRANSFORMERS);
  assert.ok(MIMI.recognises(original));
  assert.ok(MIMI.recognises({ ...narrow, config: null }));
  const others = goldenModel("other", {
    ...TRANSFORMERS,
    config: null,
    tensors: [{ name: "encoder.layers.0.conv.weight", shape: [1], type: "float32" }],
  });
  assert.ok(!MIMI.recognises(others));
  assert.ok(MIMI.recognises({ ...others, config: TRANSFORMERS.config }));
});

Deno.test("Mimi's first checkpoint has no config: one beside it that is none of Mimi's is not read", async () => {
  const original = goldenModel("mimi", await readGolden("mimi/original"));
  const config = { "model_type": "moshi", "n_q": 32, "dep_q": 16 };
  const { spec } = await MIMI.convert({ ...original, config }, {});
  assert.equal(spec.hopLengths.length, 8);
});

/** Checks what is said of a config with other fields. */
async function assertUnfit(
  golden: typeof KYUTAI,
  fields: NonNullable<OpenedModel["config"]>,
  problem: string,
): Promise<void> {
  const model = goldenModel("narrow", { ...golden, config: { ...golden.config, ...fields } });
  await assert.rejects(
    MIMI.convert(model, {}),
    new UsageError(
      `Cannot convert 'narrow': its config 'seeded/config.json' does not fit: ${problem}`,
    ),
  );
}

Deno.test("Mimi names the field of transformers' config that does not fit", async () => {
  const cases: readonly [NonNullable<OpenedModel["config"]>, string][] = [
    [{ "audio_channels": 2 }, "audio_channels: 2 where only 1 is known"],
    [{ "use_causal_conv": null }, "use_causal_conv: null where only true is known"],
    [{ "hidden_act": "silu" }, 'hidden_act: "silu" where only gelu is known'],
    [{ "stride": 3 }, "unknown field 'stride'"],
    [{ "frame_rate": 25 }, "frame_rate: 25 where that of the strides is 12.5"],
    [{ "num_key_value_heads": 1 }, "num_key_value_heads: 1 where num_attention_heads is 2"],
    [{ "head_dim": 64 }, "head_dim: 64 where hidden_size per head is 8"],
    [{ "upsample_groups": 512 }, "upsample_groups: 512 where hidden_size is 16"],
    [
      { "vector_quantization_hidden_dimension": 256 },
      "vector_quantization_hidden_dimension: 256 where codebook_dim is 8",
    ],
    [
      { "rope_parameters": { "rope_theta": 500, "rope_type": "default" } },
      "rope_theta: 10000 where rope_parameters is 500",
    ],
    [
      { "num_attention_heads": 16, "num_key_value_heads": 16, "head_dim": 1 },
      "16 channels in 16 heads leave no pairs to rotate",
    ],
    [{ "compress": 3 }, "2 filters cannot be compressed 3 times"],
  ];
  for (const [fields, problem] of cases) await assertUnfit(TRANSFORMERS, fields, problem);
});

Deno.test("Mimi names the field of Kyutai's config that does not fit", async () => {
  const { seanet, transformer, quantizer } = KYUTAI.config as Record<string, object>;
  const cases: readonly [NonNullable<OpenedModel["config"]>, string][] = [
    [{ seanet: { ...seanet, causal: false } }, "seanet.causal: false where only true is known"],
    [
      { transformer: { ...transformer, gating: "silu" } },
      'transformer.gating: "silu" where only none is known',
    ],
    [
      { transformer: { ...transformer, "kv_repeat": 2 } },
      "unknown field 'transformer.kv_repeat'",
    ],
    [
      { transformer: { ...transformer, "d_model": 32 } },
      "transformer.d_model: 32 where seanet.dimension is 16",
    ],
    [
      { quantizer: { ...quantizer, "input_dimension": 32 } },
      "quantizer.input_dimension: 32 where seanet.dimension is 16",
    ],
    [{ "sample_rate": 48000 }, "frame_rate: 12.5 where that of the strides is 25"],
  ];
  for (const [fields, problem] of cases) await assertUnfit(KYUTAI, fields, problem);
});

Deno.test("Mimi names the tensor that does not fit its config", async () => {
  const query = "encoder_transformer.layers.1.self_attn.q_proj.weight";
  const unused = "quantizer.acoustic_residual_vector_quantizer.layers.8.codebook.cluster_usage";
  const replaced = (name: string, change: Partial<TensorFacts>) =>
    TRANSFORMERS.tensors.map((facts) => facts.name === name ? { ...facts, ...change } : facts);
  const cases: readonly [readonly TensorFacts[], string][] = [
    [
      TRANSFORMERS.tensors.filter(({ name }) => name !== query),
      `it has no tensor '${query}' [16, 16], which the config asks for`,
    ],
    [
      replaced(query, { shape: [16, 8] }),
      `tensor '${query}' is [16, 8] where the config asks for [16, 16]`,
    ],
    [replaced(query, { type: "int64" }), `tensor '${query}' holds int64 where floats are due`],
    [
      replaced(unused, { shape: [63] }),
      `tensor '${unused}' is [63] where the config asks for [64]`,
    ],
    [
      [...TRANSFORMERS.tensors, { name: "decoder.layers.99.bias", shape: [1], type: "float32" }],
      "tensor 'decoder.layers.99.bias' belongs to no layer that the config describes; " +
      "use the config that was published with these weights",
    ],
  ];
  for (const [tensors, problem] of cases) {
    await assert.rejects(
      MIMI.convert(goldenModel("narrow", { ...TRANSFORMERS, tensors }), {}),
      new SpeechmillError(`Cannot convert 'seeded': ${problem}`),
    );
  }
});
