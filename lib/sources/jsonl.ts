/**
 * A JSONL manifest: one JSON object a line, with `id`, and `audio`, `text` or both.
 *
 * @module
 */

import { basename, dirname } from "node:path";
import { UsageError } from "../errors.ts";
import { readChunks } from "./bytes.ts";
import { FieldError } from "./fields.ts";
import { fingerprintFile } from "./fingerprint.ts";
import { parseJsonRecord } from "./json_record.ts";
import { type Line, readLines } from "./lines.ts";
import { pathLocator } from "./locate.ts";
import { itemsOf, type ManifestEntry } from "./manifest.ts";
import type { Source } from "./source.ts";

/** Which manifest to list. */
export interface JsonlOptions {
  /** Absolute path; gzip is recognised by its content. */
  readonly path: string;
  /** How places call it. @default {its file name} */
  readonly label?: string;
  /** Folders where relative audio paths are tried after the manifest's own. @default {[]} */
  readonly audioRoot?: readonly string[];
}

/** Lists a JSONL manifest. It is streamed: its size does not matter. */
export function jsonlSource(options: JsonlOptions): Source {
  const { path, audioRoot = [], label = basename(path) } = options;
  const locator = pathLocator(
    { folder: dirname(path), audioRoot },
    (sample) => sample.audio,
  );
  return {
    description: `manifest ${path}`,
    list: () => itemsOf(readEntries(path), label, locator),
    fingerprint: async () => [await fingerprintFile(path)],
  };
}

async function* readEntries(
  path: string,
): AsyncGenerator<readonly ManifestEntry[], void, void> {
  let isEmpty = true;
  for await (const { firstLine, lines } of readLines(readChunks(path))) {
    const entries = lines.flatMap((line, index) =>
      isBlank(line) ? [] : [entryOf(line, firstLine + index)]
    );
    if (entries.length > 0) isEmpty = false;
    yield entries;
  }
  if (isEmpty) throw new UsageError(`Cannot list '${path}': it has no lines`);
}

function isBlank(line: Line): boolean {
  return typeof line === "string" && (line === "" || line.trim() === "");
}

function entryOf(line: Line, number: number): ManifestEntry {
  if (typeof line !== "string") {
    return { kind: "reject", line: number, id: null, detail: line.problem };
  }
  try {
    return { kind: "fields", line: number, fields: parseJsonRecord(line) };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    const { id, message } = error;
    return { kind: "reject", line: number, id, detail: message };
  }
}
