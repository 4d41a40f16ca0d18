/**
 * Two settings that reading a run needs from its stored config.
 *
 * @module
 */
import { runPaths } from "../run/run_directory.ts";

/**
 * A text setting of the run; null where it is not set, or the config is not there: a published
 * dataset has none.
 */
export function storedText(directory: string, name: "ledger" | "codec"): string | null {
  try {
    const value: unknown = JSON.parse(Deno.readTextFileSync(runPaths(directory).config))?.[name];
    return typeof value === "string" ? value : null;
  } catch {
    // Each has a place to be looked for without the config; a damaged one is found by `resume`.
    return null;
  }
}
