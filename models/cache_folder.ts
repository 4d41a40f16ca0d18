/**
 * Where downloaded models lie.
 *
 * @module
 */
import { join } from "node:path";
import { type Environment, processEnvironment } from "../lib/environment.ts";
import { SpeechmillError } from "../lib/errors.ts";

/**
 * The cache folder: `SPEECHMILL_CACHE`, else `XDG_CACHE_HOME/speechmill`, else
 * `HOME/.cache/speechmill`. An empty variable counts as not set.
 *
 * @throws {SpeechmillError} If none of them is set.
 */
export function cacheFolder(environment: Environment = processEnvironment): string {
  const own = environment("SPEECHMILL_CACHE");
  if (own) return own;
  const shared = environment("XDG_CACHE_HOME");
  if (shared) return join(shared, "speechmill");
  const home = environment("HOME");
  if (home) return join(home, ".cache", "speechmill");
  throw new SpeechmillError(
    "Cannot choose a cache folder: none of SPEECHMILL_CACHE, XDG_CACHE_HOME and HOME is set; " +
      "set SPEECHMILL_CACHE to a folder",
  );
}
