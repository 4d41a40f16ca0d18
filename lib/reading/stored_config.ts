/**
 * Settings that reading a run needs from its stored config.
 *
 * @module
 */
import type { CodecSettings } from "../../models/checkpoint_family.ts";
import { codecSettings } from "../codec_settings.ts";
import { z } from "../npm/zod.ts";
import { runPaths } from "../run/run_directory.ts";

/**
 * A text setting of the run; null where it is not set, or the config is not there: a published
 * dataset has none.
 */
export function storedText(directory: string, name: "ledger" | "codec"): string | null {
  const value = storedConfig(directory)?.[name];
  return typeof value === "string" ? value : null;
}

const CHOICES = z.object({
  bandwidth: z.number().nullable().default(null),
  codebooks: z.number().nullable().default(null),
  chunked: z.boolean().default(false),
  precision: z.enum(["float32", "float16"]).default("float32"),
});

/** What the run chose of its codec; nothing where the config is not there. */
export function storedCodecSettings(directory: string): CodecSettings {
  const choices = CHOICES.safeParse(storedConfig(directory));
  return choices.success ? codecSettings(choices.data) : {};
}

function storedConfig(directory: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(Deno.readTextFileSync(runPaths(directory).config));
  } catch {
    // Each setting has a place to be looked for without the config; a damaged one is found by
    // `resume`.
    return null;
  }
}
