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
import { parseJsonRecord, parseObject } from "./json_record.ts";
import { type Line, readLines } from "./lines.ts";
import { pathLocator } from "./locate.ts";
import { itemsOf, type ManifestEntry } from "./manifest.ts";
import type { Source } from "./source.ts";
import { isTaken, type Where } from "./where.ts";

/** Which manifest to list. */
export interface JsonlOptions {
  /** Absolute path; gzip is recognised by its content. */
  readonly path: string;
  /** How places call it. @default {its file name} */
  readonly label?: string;
  /** Folders where relative audio paths are tried after the manifest's own. @default {[]} */
  readonly audioRoot?: readonly string[];
  /** Column filters. @default {{}} */
  readonly where?: Where;
}

/** Lists a JSONL manifest. It is streamed: its size does not matter. */
export function jsonlSource(options: JsonlOptions): Source {
  const { path, audioRoot = [], label = basename(path), where = {} } = options;
  const locator = pathLocator(
    { folder: dirname(path), audioRoot },
    (sample) => sample.audio,
  );
  return {
    description: `manifest ${path}`,
    list: () => itemsOf(readEntries(path, where), label, locator),
    fingerprint: async () => [await fingerprintFile(path)],
  };
}

async function* readEntries(
  path: string,
  where: Where,
): AsyncGenerator<readonly ManifestEntry[], void, void> {
  const missing = new Set(Object.keys(where));
  let isEmpty = true;
  for await (const { firstLine, lines } of readLines(readChunks(path))) {
    const entries = lines.flatMap((line, index) =>
      isBlank(line) ? [] : [entryOf(line, firstLine + index, where, missing)]
    );
    if (entries.length > 0) isEmpty = false;
    yield entries;
  }
  if (isEmpty) throw new UsageError(`Cannot list '${path}': it has no lines`);
  for (const name of missing) {
    throw new UsageError(`Cannot filter '${path}' by '${name}': no line has such a field`);
  }
}

function isBlank(line: Line): boolean {
  return typeof line === "string" && (line === "" || line.trim() === "");
}

function entryOf(
  line: Line,
  number: number,
  where: Where,
  missing: Set<string>,
): ManifestEntry {
  if (typeof line !== "string") {
    return { kind: "reject", line: number, id: null, detail: line.problem };
  }
  try {
    const record = parseObject(line);
    for (const name of missing) if (name in record) missing.delete(name);
    if (!isTaken(where, (column) => record[column])) return { kind: "excluded" };
    return { kind: "fields", line: number, fields: parseJsonRecord(line, record) };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    const { id, message } = error;
    return { kind: "reject", line: number, id, detail: message };
  }
}
