/**
 * Mimi against Kyutai's code: what `tests/golden/mimi.py` wrote down.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { OpenedModel } from "../../models/checkpoint_family.ts";
import { MIMI } from "../../models/mimi/mod.ts";
import { ConvertedTestCodec } from "../support/converted.ts";
import {
  checkEncoding,
  decodingDifference,
  type Golden,
  goldenModel,
  readGolden,
} from "../support/golden.ts";

/** The goldens of the published model, at full size: as transformers and as its authors have it. */
export const MIMI_GOLDENS = ["mimi/transformers", "mimi/original"] as const;

/**
 * Converts a model for each number of codebooks that a golden has, and holds it to that: every
 * code, and sound to 10⁻⁴ of full scale.
 */
export async function checkMimi(golden: Golden, model: OpenedModel): Promise<void> {
  const numbers = new Set([
    ...golden.encode.map(({ codebooks }) => codebooks),
    ...golden.decode.map(({ codes }) => codes.length),
  ]);
  for (const codebooks of numbers) {
    await using converted = await ConvertedTestCodec.of(MIMI, model, { codebooks });
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

/** As `checkMimi`, of the model that the golden itself describes. */
export async function checkMimiGolden(name: string): Promise<void> {
  const golden = await readGolden(name);
  await checkMimi(golden, goldenModel(name, golden));
}
