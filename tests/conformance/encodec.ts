/**
 * EnCodec against its authors' code: what `tests/golden/encodec.py` wrote down.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { OpenedModel } from "../../models/checkpoint_family.ts";
import { ENCODEC } from "../../models/encodec/mod.ts";
import { ConvertedTestCodec } from "../support/converted.ts";
import {
  checkEncoding,
  decodingDifference,
  type Golden,
  goldenModel,
  readGolden,
} from "../support/golden.ts";

/** The goldens of the published models, at full size: as transformers and as its authors have it. */
export const ENCODEC_GOLDENS = ["encodec/encodec_24khz", "encodec/original"] as const;

/**
 * Converts a model for each number of codebooks that a golden has, and holds it to that: every
 * code, and sound to 10⁻⁴ of full scale.
 */
export async function checkEncodec(golden: Golden, model: OpenedModel): Promise<void> {
  const numbers = new Set([
    ...golden.encode.map(({ codebooks }) => codebooks),
    ...golden.decode.map(({ codes }) => codes.length),
  ]);
  for (const codebooks of numbers) {
    await using converted = await ConvertedTestCodec.of(ENCODEC, model, { codebooks });
    const { codec } = converted;
    for (const test of golden.encode.filter((test) => test.codebooks === codebooks)) {
      await checkEncoding(codec, test);
    }
    for (const test of golden.decode.filter(({ codes }) => codes.length === codebooks)) {
      const difference = await decodingDifference(codec, test);
      assert.ok(difference < 1e-4, `${test.samples} samples: ${difference}`);
    }
  }
}

/** As `checkEncodec`, of the model that the golden itself describes. */
export async function checkEncodecGolden(name: string): Promise<void> {
  const golden = await readGolden(name);
  await checkEncodec(golden, goldenModel(name, golden));
}
