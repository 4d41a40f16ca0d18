/**
 * The families whose checkpoints can be converted. A new one is one file or folder in `models/` and
 * one line here.
 *
 * @module
 */
import { UsageError } from "../../lib/errors.ts";
import type { CheckpointFamily, OpenedModel } from "../checkpoint_family.ts";
import { DAC } from "../dac/mod.ts";
import { ENCODEC } from "../encodec/mod.ts";
import { MIMI } from "../mimi/mod.ts";
import { NEMO } from "../nemo/mod.ts";
import { SNAC } from "../snac/mod.ts";
import { VOCOS } from "../vocos/mod.ts";

/** In the order of the documentation. */
export const FAMILIES: readonly CheckpointFamily[] = [SNAC, NEMO, ENCODEC, VOCOS, DAC, MIMI];

/**
 * The family of a model.
 *
 * @throws {UsageError} If it is of none.
 */
export function familyOf(model: OpenedModel): CheckpointFamily {
  const family = FAMILIES.find((candidate) => candidate.recognises(model));
  if (family !== undefined) return family;
  const names = FAMILIES.map(({ name }) => name).join(", ");
  const sample = [...model.checkpoint.tensors.keys()].slice(0, 3).map((name) => `'${name}'`);
  const shown = sample.join(", ") || "none";
  throw new UsageError(
    `Cannot convert '${model.id}': ` +
      (model.configPath === model.checkpoint.path
        ? `its tensors (${shown}) alone do not tell which codec it is; name a folder that holds the ` +
          `config, too, that was published with it`
        : `neither its config nor its tensors (${shown}) are those of a known codec; the known ` +
          `families are ${names}`),
  );
}
