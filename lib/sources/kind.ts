/**
 * What an input is, found out by looking at it.
 *
 * @module
 */
import { join } from "node:path";
import { UsageError } from "../errors.ts";
import { pathExists } from "../fs.ts";
import { isAddress, isWebAddress } from "./address.ts";
import { isAudioName } from "./extensions.ts";
import type { InputFormat } from "./input_format.ts";
import { looksLikeLjspeech } from "./ljspeech.ts";
import { extensionOf, readHead } from "./sniff.ts";

/** What an input is. */
export type InputKind = Exclude<InputFormat, "auto">;

const JSONL_EXTENSIONS: readonly string[] = ["jsonl", "ndjson"];
/** Kinds that may be folders. */
const FOLDERS: readonly InputKind[] = ["folder", "parquet", "arrow"];
/** What `datasets.save_to_disk` writes. */
const ARROW_MARKS = ["dataset_dict.json", "state.json"];
const TAR_NAME = /\.(?:tar|tar\.gz|tgz)$/i;
/** Entries of a folder that are looked at for Parquet before it is taken for a folder of audio. */
const MAX_LOOKED_AT = 10_000;

/**
 * The kind of an input.
 *
 * @param isPlain Whether no setting of tables was given, so that LJSpeech's may be guessed.
 * @throws {UsageError} If there is no such file or folder, or it is nothing that can be listed.
 */
export async function kindOfInput(
  input: string,
  format: InputFormat,
  isPlain: boolean,
): Promise<InputKind> {
  if (isAddress(input) || isTarPattern(input)) return kindOfAddress(input, format);
  const isFolder = await isFolderAt(input);
  if (format === "auto") return isFolder ? kindOfFolder(input) : guessKind(input, isPlain);
  if (isFolder ? FOLDERS.includes(format) : format !== "folder" && format !== "arrow") {
    return format;
  }
  throw new UsageError(
    `Cannot use input '${input}' as ${format}: it is a ${isFolder ? "folder" : "file"}`,
  );
}

/** `shards-{000..012}.tar` names files that are not there under that name. */
function isTarPattern(input: string): boolean {
  return input.includes("{") && TAR_NAME.test(input);
}

function kindOfAddress(input: string, format: InputFormat): InputKind {
  const kind = input.startsWith("hf://") ? "hub" : "tar";
  if (format !== "auto" && format !== kind) {
    throw new UsageError(`Cannot use input '${input}' as ${format}: it is an address`);
  }
  if (kind === "tar" && isWebAddress(input) && !TAR_NAME.test(new URL(input).pathname)) {
    throw new UsageError(
      `Cannot use input '${input}': of the web only tars (.tar, .tar.gz, .tgz) can be read`,
    );
  }
  return kind;
}

async function isFolderAt(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    throw new UsageError(
      `Cannot use input '${path}': no such file or folder; a dataset on the Hub is written ` +
        "hf://datasets/org/name",
      { cause: error },
    );
  }
}

async function kindOfFolder(path: string): Promise<InputKind> {
  for (const mark of ARROW_MARKS) {
    if (pathExists(join(path, mark))) return "arrow";
  }
  return await firstKindIn(path, { left: MAX_LOOKED_AT }) ?? "folder";
}

/** What the first file is, at the top or in the folders below, that tells audio from Parquet. */
async function firstKindIn(path: string, budget: { left: number }): Promise<InputKind | null> {
  const folders: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(path)) {
      if (budget.left-- <= 0) return null;
      if (isDirectory) folders.push(join(path, name));
      else if (name.endsWith(".parquet")) return "parquet";
      else if (isAudioName(name)) return "folder";
    }
  } catch {
    // The folder source says what cannot be read, and where.
    return null;
  }
  for (const folder of folders) {
    const kind = await firstKindIn(folder, budget);
    if (kind !== null) return kind;
  }
  return null;
}

async function guessKind(path: string, isPlain: boolean): Promise<InputKind> {
  if (isAudioName(path)) {
    throw new UsageError(
      `Cannot use input '${path}': it is an audio file: give the folder that it is in, or a manifest that lists it`,
    );
  }
  if (path.endsWith(".parquet")) return "parquet";
  if (TAR_NAME.test(path)) return "tar";
  if (JSONL_EXTENSIONS.includes(extensionOf(path))) return "jsonl";
  const { firstLine, extension } = await readHead(path);
  if (firstLine.startsWith("{")) return "jsonl";
  if (firstLine.startsWith("[")) {
    throw new UsageError(
      `Cannot use input '${path}': it begins with a JSON list: write one object a line instead (JSONL)`,
    );
  }
  return isPlain && looksLikeLjspeech(firstLine, extension) ? "ljspeech" : "table";
}
