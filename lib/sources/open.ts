/**
 * From a path to a source.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { isAudioName } from "./extensions.ts";
import { folderSource } from "./folder.ts";
import { jsonlSource } from "./jsonl.ts";
import { looksLikeLjspeech } from "./ljspeech.ts";
import { labelsOf, severalSources } from "./several.ts";
import { extensionOf, readHead } from "./sniff.ts";
import type { Source } from "./source.ts";
import { openTable, type TableOptions } from "./table.ts";

/** What an input may be. */
export const INPUT_FORMATS = [
  "auto",
  "folder",
  "jsonl",
  "table",
  "ljspeech",
] as const;

/** What an input may be; `auto` finds out. */
export type InputFormat = typeof INPUT_FORMATS[number];

type Kind = Exclude<InputFormat, "auto">;

/** Which inputs to open; a `RunConfig` has all of these. */
export interface SourceOptions extends Omit<TableOptions, "path" | "label" | "isLjspeech"> {
  /** Absolute paths of folders and manifests; their samples follow one another. */
  readonly input: string | readonly string[];
  /** What the inputs are. @default {"auto"} */
  readonly inputFormat?: InputFormat;
  /** Absolute paths left out of folders, such as the run's own output. @default {[]} */
  readonly exclude?: readonly string[];
}

/** Settings that say how a table is written. */
const TABLE_SETTINGS = ["columns", "delimiter", "header", "quotes"] as const;

const JSONL_EXTENSIONS: readonly string[] = ["jsonl", "ndjson"];

/**
 * Opens an input: a folder, a JSONL manifest, a table, LJSpeech's `metadata.csv`, or several.
 * Tables are checked at once; what the manifests say is read by `list()`.
 *
 * @throws {UsageError} If there is no such file or folder, it is nothing that can be listed, or a
 *   table has not the columns that were asked for.
 */
export async function openSource(options: SourceOptions): Promise<Source> {
  const paths = [options.input].flat();
  const kinds = await Promise.all(paths.map((path) => kindOf(path, options)));
  checkSettings(options, kinds);
  const labels = paths.length > 1 ? labelsOf(paths) : [];
  const sources = await Promise.all(paths.map((path, index) => {
    return openOne(path, kinds[index] ?? "jsonl", labels[index], options);
  }));
  const only = sources[0];
  return only !== undefined && sources.length === 1 ? only : severalSources(sources);
}

function openOne(
  path: string,
  kind: Kind,
  label: string | undefined,
  options: SourceOptions,
): Source | Promise<Source> {
  const named = label === undefined ? { path } : { path, label };
  switch (kind) {
    case "folder":
      return folderSource({ ...named, exclude: options.exclude ?? [] });
    case "jsonl":
      return jsonlSource({ ...named, audioRoot: options.audioRoot ?? [] });
    case "table":
      return openTable({ ...options, ...named });
    case "ljspeech":
      return openTable({ ...options, ...named, isLjspeech: true });
  }
}

async function kindOf(path: string, options: SourceOptions): Promise<Kind> {
  const { inputFormat: format = "auto" } = options;
  const isFolder = await isFolderAt(path);
  if (format === "auto") return isFolder ? "folder" : guessKind(path, options);
  if (isFolder === (format === "folder")) return format;
  throw new UsageError(
    `Cannot use input '${path}' as ${format}: it is a ${isFolder ? "folder" : "file"}`,
  );
}

async function isFolderAt(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    throw new UsageError(`Cannot use input '${path}': no such file or folder`, {
      cause: error,
    });
  }
}

async function guessKind(path: string, options: SourceOptions): Promise<Kind> {
  if (isAudioName(path)) {
    throw new UsageError(
      `Cannot use input '${path}': it is an audio file: give the folder that it is in, or a manifest that lists it`,
    );
  }
  if (JSONL_EXTENSIONS.includes(extensionOf(path))) return "jsonl";
  const { firstLine, extension } = await readHead(path);
  if (firstLine.startsWith("{")) return "jsonl";
  if (firstLine.startsWith("[")) {
    throw new UsageError(
      `Cannot use input '${path}': it begins with a JSON list: write one object a line instead (JSONL)`,
    );
  }
  const isPlain = TABLE_SETTINGS.every((name) => isUnset(options[name]));
  return isPlain && looksLikeLjspeech(firstLine, extension) ? "ljspeech" : "table";
}

/** A setting that no input listens to is a mistake. */
function checkSettings(options: SourceOptions, kinds: readonly Kind[]): void {
  if (kinds.includes("table")) return;
  const unheeded: string[] = TABLE_SETTINGS.filter((name) => !isUnset(options[name]));
  if (!isUnset(options.audioPattern) && !kinds.includes("ljspeech")) {
    unheeded.push("audio_pattern");
  }
  if (unheeded.length === 0) return;
  throw new UsageError(
    `Cannot use ${unheeded.join(", ")}: only tables have such settings, and the input is read as ${
      kinds.join(", ")
    }`,
  );
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === null;
}
