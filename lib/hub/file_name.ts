/**
 * Names of files as a server states them.
 *
 * @module
 */
import { SpeechmillError } from "../errors.ts";

/**
 * Whether a name stays below the folder that it is joined to, on every operating system: parts
 * separated by `/`, none of them empty, `.` or `..`, and no backslash, colon or control character.
 */
export function isSafeName(name: string): boolean {
  return name.split("/").every((part) => part !== "" && part !== "." && part !== "..") &&
    !/[\\:\p{Cc}]/u.test(name);
}

/**
 * Checks the names of a repository's files.
 *
 * @throws {SpeechmillError} If one of them could lead out of the repository's folder.
 */
export function checkFileNames(id: string, names: readonly string[]): void {
  for (const name of names) {
    if (isSafeName(name)) continue;
    throw new SpeechmillError(
      `Cannot use the repository '${id}': it names a file ${JSON.stringify(name)}, ` +
        "which could be written outside of its folder",
    );
  }
}
