/**
 * What a user may choose of DAC.
 *
 * @module
 */
import { UsageError } from "../../lib/errors.ts";
import type { CodecSettings } from "../checkpoint_family.ts";
import type { DacConfig } from "./config.ts";

/**
 * The number of codebooks that settings ask for; all of them where nothing is asked.
 *
 * @param id For messages.
 * @throws {UsageError} If there are not so many, or a setting is another family's.
 */
export function chosenCodebooks(
  id: string,
  { codebookChannels }: DacConfig,
  { bandwidth, codebooks, noiseSeed }: CodecSettings,
): number {
  const other = bandwidth !== undefined
    ? "bandwidth"
    : noiseSeed !== undefined
    ? "noiseSeed"
    : null;
  if (other !== null) {
    throw new UsageError(
      `Cannot convert '${id}' with ${other}: the settings of DAC are codebooks, chunked and precision`,
    );
  }
  const most = codebookChannels.length;
  if (codebooks === undefined) return most;
  if (Number.isInteger(codebooks) && 1 <= codebooks && codebooks <= most) return codebooks;
  throw new UsageError(`Cannot convert '${id}' with ${codebooks} codebooks: it has 1 to ${most}`);
}
