/**
 * How many of EnCodec's codebooks are used.
 *
 * @module
 */
import { UsageError } from "../../lib/errors.ts";
import type { CodecSettings } from "../checkpoint_family.ts";
import { checkCodebooks, otherSettings } from "../settings.ts";
import { codebooksFor, codebooksOf, type EncodecConfig } from "./config.ts";

/** Kilobits a second where nothing is chosen: 8 codebooks, what VALL-E and its kin are trained on. */
const DEFAULT_BANDWIDTH = 6;

/**
 * The number of codebooks that settings ask for.
 *
 * @param id For messages.
 * @throws {UsageError} If there is no such bandwidth or number, both are given and differ, or a
 * setting is another family's.
 */
export function chosenCodebooks(
  id: string,
  config: EncodecConfig,
  settings: CodecSettings,
): number {
  const { bandwidth, codebooks } = settings;
  const refuse = (problem: string) => new UsageError(`Cannot convert '${id}' ${problem}`);
  const [other] = otherSettings(settings, ["bandwidth", "codebooks"]);
  if (other !== undefined) {
    throw refuse(`with ${other}: the settings of EnCodec are bandwidth and codebooks`);
  }
  if (codebooks !== undefined) checkCodebooks(id, codebooks, codebooksOf(config));
  if (bandwidth === undefined) return codebooks ?? defaultCodebooks(config);
  if (!config.bandwidths.includes(bandwidth)) {
    throw refuse(`with ${bandwidth} kbps: its bandwidths are ${config.bandwidths.join(", ")}`);
  }
  const asked = codebooksFor(config, bandwidth);
  if (codebooks !== undefined && codebooks !== asked) {
    throw refuse(
      `with ${bandwidth} kbps and ${codebooks} codebooks: ${bandwidth} kbps are ${asked} codebooks`,
    );
  }
  return asked;
}

function defaultCodebooks(config: EncodecConfig): number {
  return config.bandwidths.includes(DEFAULT_BANDWIDTH)
    ? codebooksFor(config, DEFAULT_BANDWIDTH)
    : codebooksOf(config);
}
