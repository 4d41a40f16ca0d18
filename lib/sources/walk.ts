/**
 * The audio files under a folder, in an order that depends on their names alone.
 *
 * @module
 */

import { resolve } from "node:path";
import { messageOf, UsageError } from "../errors.ts";
import { isAudioName, splitName } from "./extensions.ts";
import { idsOf } from "./folder_ids.ts";
import { joinPath } from "./locate.ts";
import { compareCodePoints } from "./order.ts";

/** An audio file, or what cannot be read. Paths are relative to the folder, with `/`. */
export type FolderEntry =
  | {
    readonly kind: "audio";
    readonly path: string;
    /** The path without extension, or with it where another file differs in nothing else. */
    readonly id: string;
    /** The text file beside it, or null. */
    readonly sidecar: string | null;
  }
  | {
    readonly kind: "unreadable";
    readonly path: string;
    readonly detail: string;
  };

/** How to walk. */
export interface WalkOptions {
  /** Folders and files that are left out: absolute paths. @default {[]} */
  readonly exclude?: readonly string[];
}

/** A folder on the way. */
interface Place {
  /** Relative path with a `/` at its end; empty for the top. */
  readonly prefix: string;
  /** Real paths from the top down to this folder: entering one again would never end. */
  readonly ancestors: readonly string[];
}

/** A name in a folder, links followed. */
interface Member {
  readonly name: string;
  readonly isFolder: boolean;
}

/**
 * Walks a folder and all below it. Links are followed, except into a folder that is being walked.
 * The order is that of the relative paths by code point.
 *
 * @param root Absolute path of the folder.
 * @throws {UsageError} If the folder itself cannot be read; a folder below it is an entry.
 */
export async function* walkAudio(
  root: string,
  options: WalkOptions = {},
): AsyncGenerator<FolderEntry, void, void> {
  const exclude = options.exclude?.map((path) => resolve(path)) ?? [];
  const excluded = new Set([
    ...exclude,
    ...await Promise.all(exclude.map(realPath)),
  ]);
  const top = { prefix: "", ancestors: [await realPath(root)] };
  yield* walkPlace(root, top, excluded);
}

async function* walkPlace(
  root: string,
  place: Place,
  excluded: ReadonlySet<string>,
): AsyncGenerator<FolderEntry, void, void> {
  const { prefix } = place;
  const members = await readFolder(joinPath(root, prefix));
  if (typeof members === "string") {
    if (prefix === "") {
      throw new UsageError(`Cannot list folder '${root}': ${members}`);
    }
    yield { kind: "unreadable", path: prefix, detail: members };
    return;
  }
  const files = members.filter((member) => !member.isFolder);
  const names = new Set(files.map((member) => member.name));
  const ids = idsOf([...names].filter(isAudioName));
  for (const { name, isFolder } of members) {
    const path = prefix + name;
    if (excluded.has(resolve(joinPath(root, path)))) continue;
    const id = ids.get(name);
    if (isFolder) yield* enter(root, path, place, excluded);
    else if (id !== undefined) yield await audioEntry(root, prefix, name, id, names);
  }
}

async function* enter(
  root: string,
  path: string,
  { ancestors }: Place,
  excluded: ReadonlySet<string>,
): AsyncGenerator<FolderEntry, void, void> {
  const real = await realPath(joinPath(root, path));
  if (ancestors.includes(real) || excluded.has(real)) return;
  const place = { prefix: `${path}/`, ancestors: [...ancestors, real] };
  yield* walkPlace(root, place, excluded);
}

async function audioEntry(
  root: string,
  prefix: string,
  name: string,
  id: string,
  names: ReadonlySet<string>,
): Promise<FolderEntry> {
  const path = prefix + name;
  if (name.includes("\ufffd") && !(await exists(joinPath(root, path)))) {
    const detail = "its name is not valid UTF-8: rename it";
    return { kind: "unreadable", path, detail };
  }
  const sidecar = `${splitName(name).stem}.txt`;
  return {
    kind: "audio",
    path,
    id: prefix + id,
    sidecar: names.has(sidecar) ? prefix + sidecar : null,
  };
}

/** What a folder holds, in order; why it cannot be read, where it cannot. */
async function readFolder(path: string): Promise<readonly Member[] | string> {
  const members: Member[] = [];
  try {
    for await (const entry of Deno.readDir(path)) {
      const isFolder = entry.isDirectory ||
        (entry.isSymlink && await isFolderLink(joinPath(path, entry.name)));
      members.push({ name: entry.name, isFolder });
    }
  } catch (error) {
    return `it cannot be read: ${messageOf(error)}`;
  }
  // With its `/`, a folder sorts exactly as the paths below it do.
  const key = ({ name, isFolder }: Member) => isFolder ? `${name}/` : name;
  return members.sort((left, right) => compareCodePoints(key(left), key(right)));
}

async function isFolderLink(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch {
    return false;
  }
}

async function realPath(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch {
    return path;
  }
}
