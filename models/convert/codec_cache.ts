/**
 * Converted codecs in the cache: a folder each, under a name that says what it was made of.
 *
 * @module
 */
import { join } from "node:path";
import { messageOf, SpeechmillError } from "../../lib/errors.ts";
import { type FileSystem, pathExists } from "../../lib/fs.ts";
import type { CodecSettings } from "../checkpoint_family.ts";
import { sha256 } from "../digest.ts";

/** All that decides the bytes of a converted codec. */
export interface ConversionKey {
  readonly id: string;
  /** Version of the converter. */
  readonly converter: number;
  /** SHA-256 of each file it is made of, by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly settings: CodecSettings;
}

/** Name of the folder for a key: readable, and no other key's. */
export function cacheName(key: ConversionKey): string {
  const readable = key.id.replace(/[^A-Za-z0-9._-]+/g, "--").replace(/^[-.]+/, "").slice(-60);
  return `${readable}-${sha256(JSON.stringify(key)).slice(0, 32)}`;
}

/** Ends the name of a folder that is being made. */
const TEMPORARY = ".tmp";

/** Where and how a folder is made. */
export interface PublishOptions {
  readonly fs: FileSystem;
  /** What is done, for messages: `convert 'hubertsiuzdak/snac_24khz'`. */
  readonly action: string;
  /** What to do where the disk does not take it. */
  readonly advice: string;
}

/**
 * Fills a folder under another name and gives it its own when it is whole. Where two processes
 * make the same folder, the first one's stays and the other's is thrown away: both are the same.
 *
 * @param fill Writes the files into the folder it is given.
 */
export async function publishFolder(
  folder: string,
  { fs, action, advice }: PublishOptions,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const temporary = `${folder}.${crypto.randomUUID()}${TEMPORARY}`;
  try {
    fs.makeDirectory(temporary);
    await fill(temporary);
    fs.syncDirectory(temporary);
    try {
      fs.rename(temporary, folder);
    } catch (error) {
      if (!pathExists(join(folder, "codec.json"))) throw error;
    }
  } catch (error) {
    if (error instanceof SpeechmillError) throw error;
    const message = `Cannot ${action} into '${folder}': ${messageOf(error)}; ${advice}`;
    throw new SpeechmillError(message, { cause: error });
  } finally {
    await removeTree(temporary);
  }
}

/** A conversion takes seconds; one that is a day old was killed. */
const ABANDONED_MILLISECONDS = 24 * 3600 * 1000;

/**
 * Removes what killed conversions left in the cache.
 *
 * @param now Milliseconds since 1970.
 * @param list Lists what lies in the cache; other processes may take it away at any time.
 */
export async function removeAbandoned(
  cache: string,
  now: number,
  list: typeof Deno.readDirSync = Deno.readDirSync,
): Promise<void> {
  if (!pathExists(cache)) return;
  for (const { name, isDirectory } of list(cache)) {
    const path = join(cache, name);
    if (!isDirectory || !name.endsWith(TEMPORARY)) continue;
    const changed = changeTime(path);
    if (changed !== null && now - changed > ABANDONED_MILLISECONDS) await removeTree(path);
  }
}

/** Milliseconds since 1970; null if another process has finished with the folder meanwhile. */
function changeTime(path: string): number | null {
  try {
    return Deno.statSync(path).mtime?.getTime() ?? null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function removeTree(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
