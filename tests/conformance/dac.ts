/**
 * Published models of DAC at full size.
 *
 * @module
 */
import { DAC } from "../../models/dac/mod.ts";
import { checkChunked, type ChunkedGolden } from "../support/chunked.ts";
import { ConvertedTestCodec } from "../support/converted.ts";
import { goldenModel, readGolden } from "../support/golden.ts";
import { checkCases } from "./check.ts";

/** The goldens in `tests/golden` of the published models. */
export const DAC_GOLDENS = [
  "dac/weights",
  "dac/weights_24khz",
  "dac/weights_16khz",
  "dac/weights_44khz_16kbps",
  "dac/dac_44khz",
] as const;

/**
 * Holds a model to its golden, and where there is one also to that of the command line: not one
 * code may differ, and no sample by 10⁻⁴ of full scale.
 */
export async function checkDacGolden(name: string): Promise<void> {
  const golden = await readGolden(name) as ChunkedGolden;
  const model = goldenModel(name, golden);
  {
    await using converted = await ConvertedTestCodec.of(DAC, model);
    await checkCases(converted.codec, golden);
  }
  if ((golden.chunked ?? []).length === 0) return;
  await using converted = await ConvertedTestCodec.of(DAC, model, { chunked: true });
  for (const test of golden.chunked) await checkChunked(converted.codec, test);
}
