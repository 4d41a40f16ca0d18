/**
 * Plain text: a line is a sample.
 *
 * @module
 */

import { basename } from "node:path";
import { UsageError } from "../errors.ts";
import { readChunks } from "./bytes.ts";
import { checkFields, FieldError, type SampleFields } from "./fields.ts";
import { fingerprintFile } from "./fingerprint.ts";
import { type Line, readLines } from "./lines.ts";
import type { Source, SourceItem } from "./source.ts";

/** Which text to list. */
export interface TextLinesOptions {
  /** Absolute path; gzip is recognised by its content. */
  readonly path: string;
  /** How places and ids call it. @default {its file name} */
  readonly label?: string;
}

/**
 * Lists a text file. An id is `<label>/<line number from 1>`; the text is the line as it is. Blank
 * lines are counted as excluded, a line that is not UTF-8 is rejected. It is streamed: its size
 * does not matter.
 */
export function textLinesSource(options: TextLinesOptions): Source {
  const { path, label = basename(path) } = options;
  return {
    description: `text ${path}`,
    list: () => listLines(path, label),
    fingerprint: async () => [await fingerprintFile(path)],
    textOnly: `'${path}' has no audio: its lines are text`,
  };
}

async function* listLines(
  path: string,
  label: string,
): AsyncGenerator<SourceItem, void, void> {
  let isEmpty = true;
  for await (const { firstLine, lines } of readLines(readChunks(path))) {
    let blank = 0;
    for (const [index, line] of lines.entries()) {
      if (isBlank(line)) blank++;
      else yield itemOf(line, label, firstLine + index);
    }
    if (blank > 0) yield { kind: "excluded", count: blank };
    if (blank < lines.length) isEmpty = false;
  }
  if (isEmpty) throw new UsageError(`Cannot list '${path}': it has no lines`);
}

function isBlank(line: Line): boolean {
  return typeof line === "string" && (line === "" || line.trim() === "");
}

function itemOf(line: Line, label: string, number: number): SourceItem {
  const place = `${label}:${number}`;
  const id = `${label}/${number}`;
  if (typeof line !== "string") return { kind: "reject", id, place, detail: line.problem };
  try {
    return { kind: "sample", sample: { ...checkFields(fieldsOf(id, line)), audio: null, place } };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    return { kind: "reject", id, place, detail: error.message };
  }
}

function fieldsOf(id: string, line: string): SampleFields {
  return {
    id,
    text: line.endsWith("\r") ? line.slice(0, -1) : line,
    audio: null,
    speaker: null,
    language: null,
    duration: null,
    start: null,
    end: null,
  };
}
