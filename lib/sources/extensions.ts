/**
 * Which files are taken for audio when nothing but their name is known.
 *
 * @module
 */

/**
 * Extensions of audio containers, lower case. The order matters where a table names no audio and
 * several files fit: the first extension wins.
 */
export const AUDIO_EXTENSIONS: readonly string[] = [
  "wav",
  "flac",
  "mp3",
  "opus",
  "ogg",
  "m4a",
  "aac",
  "webm",
  "mp4",
  "wave",
  "w64",
  "oga",
  "spx",
  "mp2",
  "m4b",
  "mka",
  "mkv",
  "mov",
  "3gp",
  "wma",
  "aif",
  "aiff",
  "aifc",
  "au",
  "snd",
  "caf",
  "amr",
  "ac3",
  "sph",
  "wv",
  "ape",
  "tta",
];

const KNOWN = new Set(AUDIO_EXTENSIONS);

/** A file name in two parts; the extension is lower case and without its dot. */
export interface NameParts {
  readonly stem: string;
  readonly extension: string;
}

/** Splits a file name at its last dot. A name that starts with its only dot has no extension. */
export function splitName(name: string): NameParts {
  const dot = name.lastIndexOf(".");
  return dot <= 0
    ? { stem: name, extension: "" }
    : { stem: name.slice(0, dot), extension: name.slice(dot + 1).toLowerCase() };
}

/** Whether a file name ends in the extension of an audio container, in any case. */
export function isAudioName(name: string): boolean {
  return KNOWN.has(splitName(name).extension);
}
