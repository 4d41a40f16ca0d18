/**
 * What is in a folder that `datasets.save_to_disk` wrote.
 *
 * @module
 */
import { basename } from "node:path";
import { messageOf, UsageError } from "../errors.ts";
import { didYouMean } from "../nearest.ts";
import { joinPath } from "./locate.ts";

/** A dataset that was saved. */
export interface SavedDataset {
  /** Absolute path of its folder. */
  readonly folder: string;
  /** The path of this folder within the one that was opened; empty for that one itself. */
  readonly prefix: string;
  /** Names of its files, in order. */
  readonly files: readonly string[];
  /** The content of `dataset_info.json`, which tells the features; null where there is none. */
  readonly info: string | null;
  /** The content of `state.json`, which tells the files. */
  readonly state: string;
}

type JsonObject = Readonly<Record<string, unknown>>;

const DICT = "dataset_dict.json";
const STATE = "state.json";
const INFO = "dataset_info.json";

/** Under these, versions of `datasets` kept the order of rows that were chosen or shuffled. */
const INDICES = ["_indices_files", "_indices_data_files"];

/**
 * Finds the files of a dataset, or of one split of several.
 *
 * @param path Absolute path.
 * @param split Which split; null for `train`, or the only one.
 * @throws {UsageError} If it is no such folder, there is no such split, or its rows are in another
 *   order than its files.
 */
export async function openSavedDataset(path: string, split: string | null): Promise<SavedDataset> {
  const dict = await readText(joinPath(path, DICT));
  if (dict === null) return await openDataset(path, "", split);
  const splits = parse(dict, joinPath(path, DICT))["splits"];
  if (!isTexts(splits) || splits.length === 0) {
    throw new UsageError(`Cannot read '${joinPath(path, DICT)}': it names no splits`);
  }
  const name = chooseSplit(path, splits, split);
  return await openDataset(joinPath(path, name), `${name}/`, null);
}

async function openDataset(
  folder: string,
  prefix: string,
  split: string | null,
): Promise<SavedDataset> {
  const path = joinPath(folder, STATE);
  const state = await readText(path);
  if (state === null) {
    throw new UsageError(
      `Cannot read '${folder}': it has no '${STATE}': give a folder that save_to_disk wrote`,
    );
  }
  const fields = parse(state, path);
  checkSplit(folder, fields["_split"], split);
  const indices = INDICES.map((name) => fields[name]);
  if (indices.some((files) => Array.isArray(files) && files.length > 0)) {
    throw new UsageError(
      `Cannot read '${folder}': its rows are in another order than its files: call ` +
        "flatten_indices() before save_to_disk()",
    );
  }
  const files = filesOf(fields["_data_files"], path);
  return { folder, prefix, files, state, info: await readText(joinPath(folder, INFO)) };
}

function filesOf(entries: unknown, path: string): readonly string[] {
  const names = Array.isArray(entries)
    ? entries.map((entry: unknown) => isObject(entry) ? entry["filename"] : null)
    : [];
  if (!isTexts(names) || names.length === 0) {
    throw new UsageError(`Cannot read '${path}': it names no data files`);
  }
  for (const name of names) checkName(name, path);
  return names;
}

/** What stands in a file may have come from anywhere, and must not lead out of the folder. */
function checkName(name: string, path: string): void {
  const isName = name !== "" && name !== "." && name !== ".." && !/[\\\0]/.test(name) &&
    basename(name) === name;
  if (!isName) throw new UsageError(`Cannot read '${path}': '${name}' is not a file of its folder`);
}

function chooseSplit(path: string, splits: readonly string[], wanted: string | null): string {
  const [only] = splits;
  const name = wanted ??
    (splits.includes("train") ? "train" : splits.length === 1 ? only ?? "" : null);
  if (name !== null && splits.includes(name)) {
    checkName(name, joinPath(path, DICT));
    return name;
  }
  const known = `it has ${splits.map((split) => `'${split}'`).join(", ")}`;
  throw new UsageError(
    name === null
      ? `Cannot choose a split of '${path}': ${known}: name one as split`
      : `Cannot find split '${name}' of '${path}': ${known}${didYouMean(name, splits)}`,
  );
}

/** A part of a split (`train[:10%]`) counts as that split; a dataset may not say which it is. */
function checkSplit(folder: string, own: unknown, wanted: string | null): void {
  if (wanted === null || typeof own !== "string") return;
  if (own === wanted || own.replace(/\[.*$/s, "") === wanted) return;
  throw new UsageError(`Cannot find split '${wanted}' of '${folder}': it is '${own}'`);
}

async function readText(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw new UsageError(`Cannot read '${path}': ${messageOf(error)}`, { cause: error });
  }
}

function parse(text: string, path: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`Cannot read '${path}': it is not JSON: ${messageOf(error)}`, {
      cause: error,
    });
  }
  if (isObject(value)) return value;
  throw new UsageError(`Cannot read '${path}': it is not a JSON object`);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}
