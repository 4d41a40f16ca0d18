import assert from "node:assert/strict";
import type { Checkpoint } from "../../lib/checkpoints/checkpoint.ts";
import type { OpenedModel } from "../../models/checkpoint_family.ts";
import { VOCOS } from "../../models/vocos/mod.ts";
import { ConvertedTestCodec } from "../support/converted.ts";
import { decodingDifference, goldenModel, readGolden } from "../support/golden.ts";

const WINDOW = "head.istft.window";

/** A golden's model with the window that every Vocos has, and the EnCodec it decodes for. */
async function vocosModel(name: string, encodec: string): Promise<OpenedModel> {
  const model = goldenModel(name, await readGolden(`vocos/${name}`));
  const { checkpoint } = model;
  const windowed: Checkpoint = {
    path: checkpoint.path,
    tensors: checkpoint.tensors,
    metadata: {},
    readFloat32: (name) =>
      name === WINDOW ? Promise.resolve(hann(checkpoint)) : checkpoint.readFloat32(name),
    [Symbol.dispose]() {},
  };
  const companion = goldenModel("encodec", await readGolden(`encodec/${encodec}`));
  return { ...model, checkpoint: windowed, companions: { encodec: companion } };
}

function hann({ tensors }: Checkpoint): Float32Array<ArrayBuffer> {
  const [size = 0] = tensors.get(WINDOW)?.shape ?? [];
  return Float32Array.from(
    { length: size },
    (_, i) => 0.5 - 0.5 * Math.cos(2 * Math.PI * i / size),
  );
}

for (const name of ["narrow", "narrow_loud", "vocos_encodec_24khz"]) {
  Deno.test(`Vocos '${name}' gives the reference's sound`, async () => {
    const golden = await readGolden(`vocos/${name}`);
    const encodec = name.startsWith("narrow") ? "narrow_original" : "original";
    const model = await vocosModel(name, encodec);
    const loudest = name === "narrow_loud" ? 20 : 1;
    for (const codebooks of new Set(golden.decode.map(({ codes }) => codes.length))) {
      await using converted = await ConvertedTestCodec.of(VOCOS, model, { codebooks });
      for (const test of golden.decode.filter(({ codes }) => codes.length === codebooks)) {
        const difference = await decodingDifference(converted.codec, test);
        assert.ok(difference < 1e-4 * loudest, `${test.samples} samples: ${difference}`);
      }
    }
  });
}
