/**
 * Where the audio lies that a manifest names. Paths are joined, never rewritten: no `./` is
 * stripped, no `..` resolved (which symbolic links would make wrong), no Unicode normalised.
 *
 * @module
 */

import { isAbsolute } from "node:path";
import type { SampleFields } from "./fields.ts";

/** Finds the audio of the samples of one manifest. */
export interface AudioLocator {
  /** The absolute path of each sample's audio, whether the file exists or not; null for none. */
  locate(
    samples: readonly SampleFields[],
  ): Promise<readonly (string | null)[]>;
}

/** Where relative paths begin. */
export interface LocatorOptions {
  /** The folder of the manifest: the first place to look. */
  readonly folder: string;
  /** Further places, in the order they are tried. @default {[]} */
  readonly audioRoot?: readonly string[];
  /** Whether there is a file. @default {a call of `Deno.stat`} */
  readonly isFile?: (path: string) => Promise<boolean>;
}

/** Joins a relative path to a folder. */
export function joinPath(folder: string, path: string): string {
  return folder.endsWith("/") ? folder + path : `${folder}/${path}`;
}

/** Whether there is a file, or a link to one. */
export async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}

/**
 * Locates by a path that the sample brings along. Without further roots nothing is looked up on
 * disk: a million lines cost no million calls.
 *
 * @param pathOf The path as written, or null for a sample without audio.
 */
export function pathLocator(
  options: LocatorOptions,
  pathOf: (sample: SampleFields) => string | null,
): AudioLocator {
  const folders = [options.folder, ...(options.audioRoot ?? [])];
  const exists = options.isFile ?? isFile;
  const resolve = (path: string | null): Promise<string> | string | null => {
    if (path === null || isAbsolute(path)) return path;
    return folders.length === 1
      ? joinPath(options.folder, path)
      : firstFile(folders.map((folder) => joinPath(folder, path)), exists);
  };
  return {
    locate: (samples) => Promise.all(samples.map((sample) => resolve(pathOf(sample)))),
  };
}

/** The first path with a file, or else the first path. */
async function firstFile(
  candidates: readonly string[],
  exists: (path: string) => Promise<boolean>,
): Promise<string> {
  for (const candidate of candidates) {
    if (await exists(candidate)) return candidate;
  }
  return candidates[0] ?? "";
}
