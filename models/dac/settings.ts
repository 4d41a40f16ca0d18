/**
 * What a user may choose of DAC.
 *
 * @module
 */
import { UsageError } from "../../lib/errors.ts";
import type { CodecSettings } from "../checkpoint_family.ts";
import { checkCodebooks, otherSettings } from "../settings.ts";
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
  settings: CodecSettings,
): number {
  const [other] = otherSettings(settings, ["codebooks", "chunked"]);
  if (other !== undefined) {
    throw new UsageError(
      `Cannot convert '${id}' with ${other}: the settings of DAC are codebooks, chunked and precision`,
    );
  }
  const { codebooks = codebookChannels.length } = settings;
  checkCodebooks(id, codebooks, codebookChannels.length);
  return codebooks;
}
