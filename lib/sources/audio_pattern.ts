/**
 * Where the audio of a table lies that has no column for it.
 *
 * @module
 */

import { isAbsolute } from "node:path";
import { AUDIO_EXTENSIONS, splitName } from "./extensions.ts";
import type { SampleFields } from "./fields.ts";
import { type AudioLocator, joinPath } from "./locate.ts";

/** Where LJSpeech and its kin keep the audio. */
export const USUAL_PATTERNS: readonly string[] = ["wavs/{id}", "{id}"];

/** Puts a sample's fields into a pattern such as `wavs/{id}.wav` or `{speaker}/{id}`. */
export function fillPattern(pattern: string, sample: SampleFields): string {
  return pattern.replace(
    /\{(id|speaker)\}/g,
    (_, name) => (name === "id" ? sample.id : sample.speaker) ?? "",
  );
}

/** Whether a pattern leaves the extension open: it ends with a field. */
export function isOpenPattern(pattern: string): boolean {
  return pattern.endsWith("}");
}

/** How to look for files by their name without extension. */
export interface BesideOptions {
  /** Folders where the patterns begin, in the order they are tried. */
  readonly folders: readonly string[];
  /** Patterns without extension, in the order they are tried. */
  readonly patterns: readonly string[];
  /** Whether a sample with text may go without audio; otherwise its file counts as missing. */
  readonly textMayStandAlone: boolean;
}

/**
 * Locates audio with any known extension. Each folder is read once, however many samples there
 * are. Where nothing is found, the path is the first that would have been right, as `.wav`.
 */
export function besideLocator(options: BesideOptions): AudioLocator {
  const listings = new Map<string, Promise<ReadonlyMap<string, string>>>();
  const listing = (folder: string) => {
    const known = listings.get(folder) ?? listAudio(folder);
    listings.set(folder, known);
    return known;
  };
  const locateOne = async (sample: SampleFields) => {
    const candidates = candidatesOf(sample, options);
    for (const candidate of candidates) {
      const cut = candidate.lastIndexOf("/") + 1;
      const folder = candidate.slice(0, cut);
      const name = (await listing(folder)).get(candidate.slice(cut));
      if (name !== undefined) return folder + name;
    }
    const isTextAlone = options.textMayStandAlone && sample.text !== null;
    return isTextAlone ? null : `${candidates[0] ?? sample.id}.wav`;
  };
  return { locate: (samples) => Promise.all(samples.map(locateOne)) };
}

function candidatesOf(
  sample: SampleFields,
  { folders, patterns }: BesideOptions,
): readonly string[] {
  const paths = patterns.map((pattern) => fillPattern(pattern, sample));
  return folders.flatMap((folder) =>
    paths.map((path) => isAbsolute(path) ? path : joinPath(folder, path))
  );
}

/** Names of the audio files in a folder by their stems; of several, the first extension's. */
async function listAudio(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const { stem } = splitName(name);
      const known = names.get(stem);
      if (isDirectory || rankOf(name) < 0) continue;
      if (known === undefined || isBefore(name, known)) names.set(stem, name);
    }
  } catch {
    // A folder that cannot be read holds nothing: its samples are quarantined as missing.
  }
  return names;
}

function rankOf(name: string): number {
  return AUDIO_EXTENSIONS.indexOf(splitName(name).extension);
}

/** `a.wav` before `a.flac`; `a.WAV` before `a.wav`, whatever order the folder gives them in. */
function isBefore(left: string, right: string): boolean {
  const difference = rankOf(left) - rankOf(right);
  return difference < 0 || (difference === 0 && left < right);
}
