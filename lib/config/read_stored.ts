/**
 * The config that a run keeps.
 *
 * @module
 */
import { messageOf, SpeechmillError } from "../errors.ts";
import { runPaths } from "../run/run_directory.ts";
import { loadConfig } from "./load.ts";
import type { RunConfig } from "./run_config.ts";

/**
 * Reads the config of a run. Its folder may have been moved since: `output` is where it lies now.
 *
 * @throws {SpeechmillError} If it cannot be read.
 */
export async function readStoredConfig(directory: string): Promise<RunConfig> {
  const { directory: output, config: path } = runPaths(directory);
  let stored: unknown;
  try {
    stored = JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    const message = `Cannot read the run's config '${path}': ${messageOf(error)}`;
    throw new SpeechmillError(message, { cause: error });
  }
  return { ...await loadConfig({ stored, cwd: output }), output };
}
