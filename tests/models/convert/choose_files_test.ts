import assert from "node:assert/strict";
import { chooseFiles } from "../../../models/convert/choose_files.ts";
import type { ModelFiles } from "../../../models/convert/model_files.ts";

function filesOf(...names: string[]): ModelFiles {
  const files: ModelFiles = {
    id: "name",
    place: "org/name",
    commit: null,
    names,
    path: (name) => Promise.resolve(`/somewhere/${name}`),
    within: () => files,
  };
  return files;
}

const weights = (file: string, config: string | null) => ({
  kind: "weights",
  weights: file,
  config,
});

Deno.test("chooseFiles() finds what authors publish", () => {
  const cases: [string[], unknown][] = [
    [
      ["README.md", "config.json", "pytorch_model.bin"],
      weights("pytorch_model.bin", "config.json"),
    ],
    [
      ["config.json", "model.safetensors", "pytorch_model.bin", "preprocessor_config.json"],
      weights("model.safetensors", "config.json"),
    ],
    [["config.yaml", "pytorch_model.bin"], weights("pytorch_model.bin", "config.yaml")],
    [["weights_24khz.pth"], weights("weights_24khz.pth", null)],
    [["README.md", "codec.nemo"], { kind: "nemo", archive: "codec.nemo" }],
    // Kyutai keeps Mimi beside a language model.
    [
      ["config.json", "model.safetensors", "tokenizer-e351c8d8-checkpoint125.safetensors"],
      weights("tokenizer-e351c8d8-checkpoint125.safetensors", "config.json"),
    ],
    [
      ["config.json", "onnx/decoder_model.onnx", "onnx/encoder_model.onnx"],
      {
        kind: "export",
        encoder: "onnx/encoder_model.onnx",
        decoder: "onnx/decoder_model.onnx",
        config: "config.json",
      },
    ],
    // An export beside the original is not needed.
    [
      ["config.json", "model.safetensors", "onnx/encoder_model.onnx"],
      weights("model.safetensors", "config.json"),
    ],
  ];
  for (const [names, chosen] of cases) assert.deepEqual(chooseFiles(filesOf(...names)), chosen);
});

Deno.test("chooseFiles() says what it found where nothing fits", () => {
  const cases: [string[], RegExp][] = [
    [[], /^Cannot convert 'org\/name': it holds no file; a codec's model is a /],
    [["README.md", "onnx/encoder_model.onnx"], /it holds README\.md, onnx\/encoder_model\.onnx; /],
    [["a.nemo", "b.nemo"], /it holds a\.nemo and b\.nemo; name the file that is meant$/],
    [["a.pth", "b.pt"], /it holds a\.pth and b\.pt; name the file/],
  ];
  for (const [names, message] of cases) {
    assert.throws(() => chooseFiles(filesOf(...names)), { name: "UsageError", message });
  }
});
