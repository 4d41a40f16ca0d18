/**
 * A first look at a manifest.
 *
 * @module
 */

import { basename } from "node:path";
import { UsageError } from "../errors.ts";
import { readChunks } from "./bytes.ts";
import { splitName } from "./extensions.ts";
import { readLines } from "./lines.ts";

/** What a manifest begins with. */
export interface ManifestHead {
  /** The first line that is not blank. */
  readonly firstLine: string;
  /** The extension without a trailing `.gz`, lower case. */
  readonly extension: string;
}

/**
 * Reads the first line that is not blank.
 *
 * @throws {UsageError} If the file cannot be read, is empty, or begins with what is not text.
 */
export async function readHead(path: string): Promise<ManifestHead> {
  const extension = extensionOf(path);
  for await (const { firstLine, lines } of readLines(readChunks(path))) {
    for (const [index, line] of lines.entries()) {
      if (typeof line !== "string") {
        throw new UsageError(
          `Cannot read '${path}': line ${firstLine + index} is broken: ${line.problem}`,
        );
      }
      if (line.trim() !== "") {
        return { firstLine: line.replace(/\r$/, ""), extension };
      }
    }
  }
  throw new UsageError(`Cannot list '${path}': it has no lines`);
}

/** The extension of a manifest: `tsv` of `a.tsv` and of `a.tsv.gz`. */
export function extensionOf(path: string): string {
  const { stem, extension } = splitName(basename(path));
  return extension === "gz" ? splitName(stem).extension : extension;
}
