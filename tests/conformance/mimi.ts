/**
 * Mimi against Kyutai's code: what `tests/golden/mimi.py` wrote down.
 *
 * @module
 */
import { MIMI } from "../../models/mimi/mod.ts";
import { goldenModel, readGolden } from "../support/golden.ts";
import { checkByCodebooks } from "./check.ts";

/** The goldens of the published model, at full size: as transformers and as its authors have it. */
export const MIMI_GOLDENS = ["mimi/transformers", "mimi/original"] as const;

/** Holds the model that a golden describes to it. */
export async function checkMimiGolden(name: string): Promise<void> {
  const golden = await readGolden(name);
  await checkByCodebooks(MIMI, golden, goldenModel(name, golden));
}
