import assert from "node:assert/strict";
import { convertCodec } from "../../../models/convert/convert.ts";
import { loadCodec } from "../../../models/registry.ts";
import { writeReadyExport } from "../../support/ready_export.ts";
import { seededAudio } from "../../support/seeded.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

const CHECKPOINTS = "tests/data/checkpoints";

/** A checkpoint, and what a config says that transformers.js exporters write. */
const CASES = [
  { family: "SNAC", checkpoint: "snac/narrow" },
  { family: "DAC", checkpoint: "dac/transformers" },
] as const;

/** Converts a checkpoint and makes an export of it; the paths of both. */
async function convertAndExport(folder: TemporaryFolder, checkpoint: string) {
  const codec = folder.file("codec");
  await convertCodec(`${CHECKPOINTS}/${checkpoint}`, { output: codec });
  const config = JSON.parse(Deno.readTextFileSync(`${CHECKPOINTS}/${checkpoint}/config.json`));
  const ready = folder.file("ready");
  writeReadyExport(codec, ready, { ...config, "transformers.js_config": { dtype: "fp32" } });
  return { codec, ready };
}

for (const { family, checkpoint } of CASES) {
  Deno.test(`a ready export of ${family} gives the tokens and the sound of its checkpoint`, async () => {
    using folder = new TemporaryFolder();
    const paths = await convertAndExport(folder, checkpoint);
    const output = folder.file("opened");
    await convertCodec(paths.ready, { output });
    await using one = await loadCodec(paths.codec);
    await using other = await loadCodec(output);
    const { id: _, ...facts } = one.spec;
    const { id: __, ...others } = other.spec;
    assert.deepEqual(others, facts);
    for (const samples of [1, one.spec.paddingUnit + 1, 30_000]) {
      const clip = seededAudio(5, samples);
      const codes = await one.encode(clip);
      assert.deepEqual(await other.encode(clip), codes);
      assert.deepEqual(await other.decode(codes), await one.decode(codes));
    }
  });
}

Deno.test("a ready export of Mimi is a codec of all its codebooks, with one graph each way", async () => {
  using folder = new TemporaryFolder();
  const ready = folder.file("mimi-ONNX");
  Deno.mkdirSync(`${ready}/onnx`, { recursive: true });
  const config = { "model_type": "mimi", "num_quantizers": 32, "transformers.js_config": {} };
  Deno.writeTextFileSync(`${ready}/config.json`, JSON.stringify(config));
  for (const name of ["encoder_model.onnx", "decoder_model.onnx"]) {
    Deno.writeTextFileSync(`${ready}/onnx/${name}`, "a graph");
  }
  const output = folder.file("opened");
  await convertCodec(ready, { output });
  const codec = JSON.parse(Deno.readTextFileSync(`${output}/codec.json`));
  assert.equal(codec.hopLengths.length, 32);
  assert.deepEqual([codec.paddingUnit, codec.codebookSize, codec.name], [1920, 2048, "mimi"]);
  assert.deepEqual([codec.layout.analysis, codec.layout.synthesis], [null, null]);
  assert.equal(codec.layout.codes, "audio_codes");
  await using opened = await loadCodec(output);
  await assert.rejects(opened.encode(new Float32Array(10)), /encoder\.onnx' on cpu: /);
});

Deno.test("an export whose tensors are not the family's is refused when it is opened", async () => {
  using folder = new TemporaryFolder();
  const { ready } = await convertAndExport(folder, "dac/transformers");
  Deno.copyFileSync(`${ready}/onnx/decoder_model.onnx`, `${ready}/onnx/encoder_model.onnx`);
  const output = folder.file("opened");
  await convertCodec(ready, { output });
  await using opened = await loadCodec(output);
  await assert.rejects(opened.encode(new Float32Array(10)), {
    name: "SpeechmillError",
    message: /encoder\.onnx' as the encoder of 'ready': it has no input 'input_values' float32/,
  });
});

Deno.test("a ready export takes no settings, for its graphs are as they are", async () => {
  using folder = new TemporaryFolder();
  const { ready } = await convertAndExport(folder, "snac/narrow");
  await assert.rejects(convertCodec(ready, { output: folder.file("x"), precision: "float16" }), {
    name: "UsageError",
    message: /with precision: it is a ready ONNX export, .*; name the repository with the original/,
  });
});
