/**
 * A folder of audio files, with text in files beside them.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { messageOf, UsageError } from "../errors.ts";
import { AUDIO_EXTENSIONS } from "./extensions.ts";
import { joinPath } from "./locate.ts";
import type { Source, SourceFile, SourceItem } from "./source.ts";
import { type FolderEntry, walkAudio } from "./walk.ts";

/** Which folder to list. */
export interface FolderOptions {
  /** Absolute path. */
  readonly path: string;
  /** What stands before relative paths in places; empty for nothing. @default {""} */
  readonly label?: string;
  /** Folders and files that are left out, such as the run's own output. @default {[]} */
  readonly exclude?: readonly string[];
}

/** Text files that are read at the same time. */
const READ_AHEAD = 64;

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Lists a folder and all below it. An id is the path without extension; the text is that of
 * `a.txt` beside `a.wav`. A text file without audio is no sample.
 */
export function folderSource(options: FolderOptions): Source {
  const { path } = options;
  return {
    description: `folder ${path}`,
    list: () => listFolder(options),
    fingerprint: async () => [await fingerprintFolder(options)],
  };
}

async function* listFolder(
  options: FolderOptions,
): AsyncGenerator<SourceItem, void, void> {
  let isEmpty = true;
  for await (const entries of inGroups(walkAudio(options.path, options))) {
    isEmpty = false;
    yield* await Promise.all(entries.map((entry) => itemOf(entry, options)));
  }
  if (isEmpty) {
    throw new UsageError(
      `Cannot list folder '${options.path}': it holds no audio file: known extensions are ${
        AUDIO_EXTENSIONS.join(", ")
      }`,
    );
  }
}

async function* inGroups(
  entries: AsyncIterable<FolderEntry>,
): AsyncGenerator<readonly FolderEntry[], void, void> {
  let group: FolderEntry[] = [];
  for await (const entry of entries) {
    group.push(entry);
    if (group.length < READ_AHEAD) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

async function itemOf(
  entry: FolderEntry,
  { path: root, label = "" }: FolderOptions,
): Promise<SourceItem> {
  const place = label === "" ? entry.path : joinPath(label, entry.path);
  if (entry.kind === "unreadable") {
    return { kind: "reject", id: null, place, detail: entry.detail };
  }
  const { id } = entry;
  const text = entry.sidecar === null
    ? { ok: true, value: null } as const
    : await readText(joinPath(root, entry.sidecar));
  if (!text.ok) {
    const detail = `its text '${entry.sidecar}' ${text.problem}`;
    return { kind: "reject", id, place, detail };
  }
  return {
    kind: "sample",
    sample: {
      id,
      audio: joinPath(root, entry.path),
      text: text.value,
      speaker: null,
      language: null,
      duration: null,
      start: null,
      end: null,
      place,
    },
  };
}

type ReadText =
  | { readonly ok: true; readonly value: string | null }
  | { readonly ok: false; readonly problem: string };

/** The trimmed text of a file without its byte order mark; null where nothing is left. */
async function readText(path: string): Promise<ReadText> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    return { ok: false, problem: `cannot be read: ${messageOf(error)}` };
  }
  // The ledger would lose what follows it.
  if (bytes.includes(0)) return { ok: false, problem: "holds a NUL character" };
  try {
    return { ok: true, value: decoder.decode(bytes).trim() || null };
  } catch {
    return { ok: false, problem: "is not valid UTF-8" };
  }
}

/** The digest of all relative paths, audio and text, in order, and of when each text was written. */
async function fingerprintFolder(options: FolderOptions): Promise<SourceFile> {
  const hash = createHash("sha256");
  for await (const entry of walkAudio(options.path, options)) {
    const sidecar = entry.kind === "audio" ? entry.sidecar : null;
    const text = sidecar === null ? "" : `${sidecar}\0${state(joinPath(options.path, sidecar))}`;
    hash.update(`${entry.path}\0${text}\0`);
  }
  return { path: options.path, sha256: hash.digest("hex") };
}

function state(path: string): string {
  try {
    const { size, mtime } = Deno.statSync(path);
    return `${size} ${mtime?.getTime()}`;
  } catch (error) {
    return messageOf(error);
  }
}
