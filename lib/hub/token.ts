/**
 * The user's access token for the Hub.
 *
 * @module
 */
import type { Environment } from "../environment.ts";
import { messageOf, SpeechmillError, UsageError } from "../errors.ts";
import { tokenFile } from "./locations.ts";

/**
 * The token in `HF_TOKEN`, else in the file that `hf auth login` writes; null if there is none.
 *
 * @throws {UsageError} If what is there cannot be a token. The message does not show it.
 * @throws {SpeechmillError} If the file is there but cannot be read.
 */
export async function findToken(environment: Environment): Promise<string | null> {
  const given = environment("HF_TOKEN")?.trim();
  if (given) return checkToken(given, "HF_TOKEN");
  const path = tokenFile(environment);
  const stored = (await readIfThere(path))?.trim();
  return stored ? checkToken(stored, `'${path}'`) : null;
}

/** What `fetch` says of a header that it cannot send would show the token. */
function checkToken(token: string, place: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new UsageError(
    `Cannot use the token in ${place}: it has characters that no token has; run 'hf auth login'`,
  );
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw new SpeechmillError(
      `Cannot read the token for the Hugging Face Hub in '${path}': ${messageOf(error)}; ` +
        "mend that or set HF_TOKEN",
      { cause: error },
    );
  }
}
