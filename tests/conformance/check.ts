/**
 * Holds codecs to what their references made of the same input.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { CheckpointFamily, OpenedModel } from "../../models/checkpoint_family.ts";
import type { Codec } from "../../models/codec.ts";
import { joinWindows, planWindows, shortestWindow } from "../../models/windows.ts";
import { ConvertedTestCodec } from "../support/converted.ts";
import { checkEncoding, decodingDifference, type Golden } from "../support/golden.ts";
import { seededAudio } from "../support/seeded.ts";

/** The cases of a golden. */
export type Cases = Pick<Golden, "encode" | "decode">;

/** Holds a codec to all cases: every code, and sound to 10⁻⁴ of full scale. */
export async function checkCases(codec: Codec, { encode, decode }: Cases): Promise<void> {
  for (const test of encode) await checkEncoding(codec, test);
  for (const test of decode) {
    const difference = await decodingDifference(codec, test);
    assert.ok(difference < 1e-4, `${test.samples} samples: ${difference}`);
  }
}

/** Converts a model for each number of codebooks that a golden has, and holds it to those cases. */
export async function checkByCodebooks(
  family: CheckpointFamily,
  { encode, decode }: Cases,
  model: OpenedModel,
): Promise<void> {
  const numbers = new Set([
    ...encode.map(({ codebooks }) => codebooks),
    ...decode.map(({ codes }) => codes.length),
  ]);
  for (const codebooks of numbers) {
    await using converted = await ConvertedTestCodec.of(family, model, { codebooks });
    await checkCases(converted.codec, {
      encode: encode.filter((test) => test.codebooks === codebooks),
      decode: decode.filter(({ codes }) => codes.length === codebooks),
    });
  }
}

/**
 * Holds the codes of more than 80 of the shortest windows, joined, to those of the whole clip.
 *
 * @param units Padding units that the clip is long.
 */
export async function checkWindows(codec: Codec, units: number): Promise<void> {
  const { spec } = codec;
  const pcm = seededAudio(1, units * spec.paddingUnit);
  const [whole = []] = await codec.encodeBatch([pcm]);
  const windows = planWindows(spec, pcm.length, shortestWindow(spec));
  assert.ok(windows.length > 80);
  const parts = await codec.encodeBatch(
    windows.map(({ start, length }) => pcm.subarray(start, start + length)),
  );
  assert.deepEqual(joinWindows(spec, windows, parts), whole);
}
