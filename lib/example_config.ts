/**
 * The example that `encode` runs when it is told nothing.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { UsageError } from "./errors.ts";

const EXAMPLE = new URL("../examples/config.yaml", import.meta.url);

/** Which config file to read, and what to say about it. */
export interface ConfigChoice {
  /** Undefined: flags alone. */
  readonly path: string | undefined;
  readonly notice: string | null;
}

/**
 * The config file to use: the one that was named, none if flags say what to encode, else the
 * example that comes along.
 *
 * @param named What the user named; undefined if nothing.
 * @param flags The flags that were given.
 * @param example Where the example lies. @default {examples/config.yaml beside mod.ts}
 * @throws {UsageError} If nothing was named and the example is not on this machine.
 */
export function configFile(
  named: string | undefined,
  flags: { readonly input?: unknown; readonly datasets?: unknown },
  example: URL = EXAMPLE,
): ConfigChoice {
  const isSaid = flags.input !== undefined || flags.datasets !== undefined;
  if (named !== undefined || isSaid) return { path: named, notice: null };
  if (example.protocol !== "file:") {
    throw new UsageError(
      "Cannot encode: there is neither a config file nor --input, and a program run from a URL " +
        "has no example beside it: name your audio with --input",
    );
  }
  const path = fileURLToPath(example);
  return { path, notice: `No config and no --input: encoding the example '${path}'` };
}
