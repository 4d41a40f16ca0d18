/**
 * EnCodec against its authors' code: what `tests/golden/encodec.py` wrote down.
 *
 * @module
 */
import { ENCODEC } from "../../models/encodec/mod.ts";
import { goldenModel, readGolden } from "../support/golden.ts";
import { checkByCodebooks } from "./check.ts";

/** The goldens of the published models, at full size: as transformers and as its authors have it. */
export const ENCODEC_GOLDENS = ["encodec/encodec_24khz", "encodec/original"] as const;

/** Holds the model that a golden describes to it. */
export async function checkEncodecGolden(name: string): Promise<void> {
  const golden = await readGolden(name);
  await checkByCodebooks(ENCODEC, golden, goldenModel(name, golden));
}
