/**
 * Where the audio lies that a row of a file names by a path.
 *
 * @module
 */

import { isAbsolute } from "node:path";
import { FieldError, type SampleFields } from "./fields.ts";
import { pathLocator } from "./locate.ts";

/** The absolute path of a row's audio, whether the file exists or not; null where it has none. */
export type RowLocator = (fields: SampleFields) => Promise<string | null>;

/**
 * Locates audio by the paths in a column.
 *
 * @param folder Where relative paths begin; null where no files lie beside the rows.
 * @param audioRoot Further places, in the order they are tried.
 * @returns A function that throws a `FieldError` for an address, and for a relative path where
 *   there is no folder to look in.
 */
export function rowLocator(folder: string | null, audioRoot: readonly string[]): RowLocator {
  const [first, ...others] = folder === null ? audioRoot : [folder, ...audioRoot];
  const locator = pathLocator({ folder: first ?? "/", audioRoot: others }, ({ audio }) => audio);
  return async (fields) => {
    const { audio, id } = fields;
    if (audio === null) return null;
    if (/^[a-z][a-z0-9+.-]+:\/\//i.test(audio)) {
      throw new FieldError(`its audio is an address, not a file: '${audio}'`, id);
    }
    if (first === undefined && !isAbsolute(audio)) {
      throw new FieldError(
        `its audio is a path, and its file is not part of the rows: '${audio}': fetch the files ` +
          "and name their folder as audio_root",
        id,
      );
    }
    return (await locator.locate([fields]))[0] ?? null;
  };
}
