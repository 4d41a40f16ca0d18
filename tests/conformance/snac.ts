/**
 * SNAC against its authors' code: what `tests/golden/snac.py` wrote down.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { CodecSettings, OpenedModel } from "../../models/checkpoint_family.ts";
import { type Codec, paddedLength, validLength } from "../../models/codec.ts";
import { SNAC } from "../../models/snac/mod.ts";
import { ConvertedTestCodec } from "../support/converted.ts";
import {
  type DecodeCase,
  decodingDifference,
  type EncodeCase,
  type Golden,
  goldenModel,
  readGolden,
} from "../support/golden.ts";
import { seededAudio } from "../support/seeded.ts";

/** The goldens of the published models, at full size. */
export const SNAC_GOLDENS = ["snac/snac_24khz", "snac/snac_32khz", "snac/snac_44khz"] as const;

/** A golden whose decoding may have been done with noise. */
export interface SnacGolden extends Golden {
  readonly decode: readonly (DecodeCase & { readonly noiseSeed?: number })[];
}

/** Reads a golden. */
export async function readSnacGolden(name: string): Promise<SnacGolden> {
  return await readGolden(name);
}

/**
 * Converts a model and holds it to a golden: every code, and sound to 10⁻⁴ of full scale, without
 * noise and with it.
 */
export async function checkSnac(golden: SnacGolden, model: OpenedModel): Promise<void> {
  const seeds = new Set(golden.decode.map(({ noiseSeed }) => noiseSeed));
  for (const noiseSeed of seeds) {
    const settings: CodecSettings = noiseSeed === undefined ? {} : { noiseSeed };
    await using converted = await ConvertedTestCodec.of(SNAC, model, settings);
    const { codec } = converted;
    for (const test of noiseSeed === undefined ? golden.encode : []) {
      await checkEncoding(codec, test);
    }
    for (const test of golden.decode.filter((test) => test.noiseSeed === noiseSeed)) {
      const difference = await decodingDifference(codec, test);
      assert.ok(difference < 1e-4, `${test.samples} samples, noise ${noiseSeed}: ${difference}`);
    }
  }
}

/** As `checkSnac`, of the model that the golden itself describes. */
export async function checkSnacGolden(name: string): Promise<void> {
  const golden = await readSnacGolden(name);
  await checkSnac(golden, goldenModel(name, golden));
}

/** Goldens hold the codes of padding too: `encodeBatch` gives all of them, `encode` those of audio. */
async function checkEncoding(codec: Codec, { seed, samples, codes }: EncodeCase): Promise<void> {
  const { spec } = codec;
  const clips = codes.map((_, item) => seededAudio(seed + item, samples));
  const padded = clips.map((clip) => {
    const whole = new Float32Array(paddedLength(spec, samples));
    whole.set(clip);
    return whole;
  });
  assert.deepEqual(await codec.encodeBatch(padded), codes, `${clips.length} × ${samples} samples`);
  for (const [item, clip] of clips.entries()) {
    const valid = codes[item]?.map((row, layer) => row.slice(0, validLength(spec, layer, samples)));
    assert.deepEqual(await codec.encode(clip), valid, `${samples} samples, clip ${item}`);
  }
}
