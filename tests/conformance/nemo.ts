/**
 * NeMo codecs against NVIDIA's code: what `tests/golden/nemo.py` wrote down.
 *
 * @module
 */
import { NEMO } from "../../models/nemo/mod.ts";
import { ConvertedTestCodec } from "../support/converted.ts";
import { readNemoGolden } from "../support/nemo_golden.ts";
import { checkCases } from "./check.ts";

/** The goldens of the published models, at full size. */
export const NEMO_GOLDENS = [
  "nemo-nano-codec-22khz-0.6kbps-12.5fps",
  "nemo-nano-codec-22khz-1.78kbps-12.5fps",
  "nemo-nano-codec-22khz-1.89kbps-21.5fps",
  "audio-codec-44khz",
] as const;

/** Converts the model of a golden and holds it to that: every code, and sound to 10⁻⁴ of full scale. */
export async function checkNemoGolden(name: string): Promise<void> {
  const golden = await readNemoGolden(name);
  await using converted = await ConvertedTestCodec.of(NEMO, golden.model);
  await checkCases(converted.codec, golden);
}
