/**
 * The files of a run that make a dataset: its data, and what describes them. What lies in
 * `.speechmill/` belongs to the run alone.
 *
 * @module
 */
import { join } from "node:path";
import { pathExists } from "../fs.ts";
import type { RunManifest } from "../reading/manifest.ts";
import { shardFolder } from "../shards/registry.ts";

/** Files beside the data, those that name other files last. */
const DESCRIPTIONS = [
  "vocabulary.json",
  "failed.jsonl",
  "stats.json",
  "manifest.json",
  "README.md",
];

/** A name that only a data file of speechmill has. */
const DATA_FILE = /^(?:train|validation)-\d{5,}-of-\d{5,}(?:\..+)?$/;

/** Whether a name in `data/` is one that speechmill gives. */
export function isDataName(name: string): boolean {
  return DATA_FILE.test(name);
}

/** Names of the files of a dataset, relative to its folder, with `/`: data first. */
export function* datasetFiles(directory: string, manifest: RunManifest): Generator<string> {
  for (const { path } of manifest.files) yield* shardFiles(directory, path);
  for (const name of DESCRIPTIONS) if (pathExists(join(directory, name))) yield name;
}

/**
 * Names of a data file, last, and of the files that it refers to: the folder of its name, where a
 * format has one.
 */
export function* shardFiles(directory: string, path: string): Generator<string> {
  const folder = shardFolder(path);
  if (folder !== null && isFolder(join(directory, folder))) {
    const names = [...Deno.readDirSync(join(directory, folder))].filter(({ isFile }) => isFile);
    for (const name of names.map(({ name }) => name).sort()) yield `${folder}/${name}`;
  }
  yield path;
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
