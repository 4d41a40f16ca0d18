/**
 * The settings of a run that choose among the forms of a codec.
 *
 * @module
 */
import type { CodecSettings } from "../models/checkpoint_family.ts";
import type { RunConfig } from "./config/run_config.ts";

/** Those of a config; null means that the codec decides. */
export type CodecChoices = Pick<RunConfig, "bandwidth" | "codebooks" | "chunked" | "precision">;

/** As converting takes them: what was not chosen is absent. */
export function codecSettings(choices: CodecChoices): CodecSettings {
  const { bandwidth, codebooks, chunked, precision } = choices;
  return {
    ...(bandwidth === null ? {} : { bandwidth }),
    ...(codebooks === null ? {} : { codebooks }),
    ...(chunked ? { chunked } : {}),
    ...(precision === "float32" ? {} : { precision }),
  };
}
