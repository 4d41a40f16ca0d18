import assert from "node:assert/strict";
import type { Checkpoint } from "../../lib/checkpoints/checkpoint.ts";
import { openCheckpoint } from "../../lib/checkpoints/open.ts";
import { SpeechmillError } from "../../lib/errors.ts";
import { checkpointBytes, checkpointFile, openBytes, readAll } from "./support.ts";

const BASE = Array.from({ length: 24 }, (_, index) => index);

/** What `make.py` wrote into `state.pt`. */
const EXPECTED: readonly (readonly [string, string, number[], number[]])[] = [
  ["base", "float32", [4, 6], BASE],
  ["transposed", "float32", [6, 4], BASE.map((_, at) => at % 4 * 6 + Math.floor(at / 4))],
  ["every_second", "float32", [3, 3], [6, 8, 10, 12, 14, 16, 18, 20, 22]],
  ["expanded", "float32", [3], [2, 2, 2]],
  ["parameter", "float32", [2], [1.5, -2]],
  ["scalar", "float32", [], [7.25]],
  ["empty", "float32", [0, 3], []],
  ["half", "float16", [4], [1, 65504, 2 ** -24, Infinity]],
  ["bfloat16", "bfloat16", [3], [1, -3.140625, 2 ** -133]],
  ["double", "float64", [2], [Math.fround(0.1), -Infinity]],
  ["long", "int64", [2], [-1, 2 ** 40]],
  ["int", "int32", [2], [-(2 ** 31), 5]],
  ["short", "int16", [2], [-32768, 32767]],
  ["char", "int8", [2], [-128, 127]],
  ["byte", "uint8", [2], [0, 255]],
  ["bool", "bool", [2], [1, 0]],
  ["inner.weight", "float32", [2], [1, 1]],
];

async function checkState(checkpoint: Checkpoint): Promise<void> {
  const facts = EXPECTED.map(([name, type, shape]) => ({ name, type, shape }));
  assert.deepEqual([...checkpoint.tensors.values()], facts);
  const values = EXPECTED.map(([name, , , expected]) => [name, expected] as const);
  assert.deepEqual(await readAll(checkpoint), new Map(values));
  assert.deepEqual(checkpoint.metadata, { "inner.steps": 3 });
}

for (const name of ["state.pt", "state_legacy.pt", "state_protocol4.pt"]) {
  Deno.test(`openCheckpoint() reads every type and stride of ${name}`, async () => {
    using checkpoint = await openCheckpoint(checkpointFile(name));
    assert.equal(checkpoint.path, checkpointFile(name));
    await checkState(checkpoint);
  });
}

Deno.test("openCheckpoint() reads the state dict of a module, which has attributes", async () => {
  using zip = await openCheckpoint(checkpointFile("linear.pt"));
  using legacy = await openCheckpoint(checkpointFile("linear_legacy.pt"));
  const expected = new Map([
    ["weight", [-0.005293981, 0.379322886, -0.581980765, -0.520387471]],
    ["bias", [-0.272345245, 0.189615890]],
  ]);
  const rounded = new Map([...expected].map(([name, values]) => [name, values.map(Math.fround)]));
  assert.deepEqual(await readAll(zip), rounded);
  assert.deepEqual(await readAll(legacy), rounded);
});

Deno.test("openCheckpoint() keeps plain values beside the state dict, as DAC has them", async () => {
  using checkpoint = await openCheckpoint(checkpointFile("dac.pth"));
  assert.deepEqual([...checkpoint.tensors.keys()], ["weight"]);
  assert.deepEqual(checkpoint.metadata, {
    metadata: {
      kwargs: {
        encoder_dim: 64,
        encoder_rates: [2, 4, 8, 8],
        latent_dim: null,
        quantizer_dropout: 0.5,
        window: ["hann", true],
      },
    },
  });
});

const FOREIGN: readonly (readonly [string, string])[] = [
  ["os_system.pt", "posix.system"],
  ["os_system_legacy.pt", "posix.system"],
  ["eval.pt", "builtins.eval"],
  ["complex.pt", "torch.ComplexFloatStorage"],
  ["module.pt", "torch.nn.modules.linear.Linear"],
];

for (const [name, global] of FOREIGN) {
  Deno.test(`openCheckpoint() refuses ${name} and names the object in it`, async () => {
    const path = checkpointFile(name);
    await assert.rejects(openCheckpoint(path), (error) => {
      assert.ok(error instanceof SpeechmillError);
      const message = `Cannot read checkpoint '${path}': it holds a '${global}' object, and only ` +
        "tensors and plain values are read; nothing of it was run";
      assert.equal(error.message, message);
      return true;
    });
  });
}

Deno.test("readFloat32() names a tensor that is not there, and the nearest that is", async () => {
  using checkpoint = await openCheckpoint(checkpointFile("linear.pt"));
  await assert.rejects(checkpoint.readFloat32("wieght"), {
    name: "SpeechmillError",
    message: `Cannot read tensor 'wieght' of checkpoint '${checkpoint.path}': ` +
      "there is no such tensor, did you mean 'weight'",
  });
});

Deno.test("openCheckpoint() says what a file is that is no checkpoint", async () => {
  const states: readonly (readonly [string, RegExp])[] = [
    ["", /: the file is empty; download it again$/],
    ["version https://git-lfs.github.com/spec/v1\n", /a pointer of Git LFS; download the file/],
    ["<!DOCTYPE html><html>", /a web page, not a checkpoint/],
    ["some text", /neither safetensors nor a file of torch\.save; download it again$/],
    ["PK\x05\x06", /breaks off before the directory/],
  ];
  for (const [text, message] of states) {
    await assert.rejects(openBytes(new TextEncoder().encode(text)), message);
  }
});

Deno.test("openCheckpoint() says what is wrong with a path", async () => {
  await assert.rejects(openCheckpoint("/nowhere/a.pt"), {
    name: "SpeechmillError",
    message: "Cannot read checkpoint '/nowhere/a.pt': there is no such file",
  });
  await assert.rejects(openCheckpoint(checkpointFile("")), /: it is a folder$/);
});

Deno.test("openCheckpoint() goes by the content, not by the name", async () => {
  using checkpoint = await openBytes(await checkpointBytes("state_legacy.pt"));
  await checkState(checkpoint);
});
