/**
 * Vocos against its authors' code: what `tests/golden/vocos.py` wrote down.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Checkpoint } from "../../lib/checkpoints/checkpoint.ts";
import type { OpenedModel } from "../../models/checkpoint_family.ts";
import { VOCOS } from "../../models/vocos/mod.ts";
import { ConvertedTestCodec } from "../support/converted.ts";
import { decodingDifference, type Golden, goldenModel, readGolden } from "../support/golden.ts";

/** The golden of the published model, at full size. */
export const VOCOS_GOLDENS = ["vocos/vocos_encodec_24khz"] as const;

const WINDOW = "head.istft.window";

/** A golden's model with the window that every Vocos has, and the EnCodec whose codes it decodes. */
export function vocosModel(id: string, golden: Golden, encodec: OpenedModel): OpenedModel {
  const model = goldenModel(id, golden);
  const { checkpoint } = model;
  const windowed: Checkpoint = {
    path: checkpoint.path,
    tensors: checkpoint.tensors,
    metadata: checkpoint.metadata,
    readFloat32: (name) =>
      name === WINDOW ? Promise.resolve(hann(checkpoint)) : checkpoint.readFloat32(name),
    [Symbol.dispose]: () => checkpoint[Symbol.dispose](),
  };
  return { ...model, checkpoint: windowed, companions: { encodec } };
}

function hann({ tensors }: Checkpoint): Float32Array<ArrayBuffer> {
  const [size = 0] = tensors.get(WINDOW)?.shape ?? [];
  return Float32Array.from(
    { length: size },
    (_, i) => 0.5 - 0.5 * Math.cos(2 * Math.PI * i / size),
  );
}

/**
 * Converts a model for each number of codebooks that a golden has, and holds its sound to 10⁻⁴ of
 * full scale.
 *
 * @param fullScale The largest sample of what it decodes.
 */
export async function checkVocos(
  golden: Golden,
  model: OpenedModel,
  fullScale = 1,
): Promise<void> {
  for (const codebooks of new Set(golden.decode.map(({ codes }) => codes.length))) {
    await using converted = await ConvertedTestCodec.of(VOCOS, model, { codebooks });
    for (const test of golden.decode.filter(({ codes }) => codes.length === codebooks)) {
      const difference = await decodingDifference(converted.codec, test);
      assert.ok(difference < 1e-4 * fullScale, `${test.samples} samples: ${difference}`);
    }
  }
}

/** As `checkVocos`, of the model that the golden itself describes. */
export async function checkVocosGolden(name: string): Promise<void> {
  const encodec = goldenModel("encodec", await readGolden("encodec/original"));
  const golden = await readGolden(name);
  await checkVocos(golden, vocosModel(name, golden, encodec));
}
