/**
 * Published models of DAC at full size.
 *
 * @module
 */
import { DAC } from "../../models/dac/mod.ts";
import { checkChunked, type ChunkedGolden } from "../support/chunked.ts";
import { ConvertedTestCodec } from "../support/converted.ts";
import { goldenModel, readGolden } from "../support/golden.ts";

/** The family, and its goldens in `tests/golden`. */
export const DAC_CONFORMANCE = {
  family: DAC,
  goldens: [
    "dac/weights",
    "dac/weights_24khz",
    "dac/weights_16khz",
    "dac/weights_44khz_16kbps",
    "dac/dac_44khz",
  ],
} as const;

/** The command line's way at full size: not one code may differ, and no sample by 1e-4. */
export async function checkChunkedDac(): Promise<void> {
  const golden = await readGolden("dac/weights_16khz") as ChunkedGolden;
  const model = goldenModel("weights_16khz", golden);
  await using converted = await ConvertedTestCodec.of(DAC, model, { chunked: true });
  for (const test of golden.chunked) await checkChunked(converted.codec, test);
}
