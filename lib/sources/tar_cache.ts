/**
 * Tars that cannot be read where they are, brought to where they can: gzip is unpacked, since
 * nothing can be read in the middle of it, and addresses are downloaded. Both happen once.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { messageOf, SpeechmillError } from "../errors.ts";
import type { Patience } from "../hub/back_off.ts";
import { lockFile } from "../hub/lock.ts";
import { downloadFile, shownAddress } from "./tar_download.ts";
import { gunzipFile } from "./tar_gunzip.ts";
import { sniffTar } from "./tar_sniff.ts";

/** What is brought here. */
export interface BroughtTar {
  /** Absolute path. */
  readonly path: string;
  /** What is wrong with the file that it was unpacked from; null for nothing. */
  readonly problem: string | null;
}

/** Something is being brought here. */
export interface TarProgress {
  readonly action: "download" | "unpack";
  /** A path, or an address without its query. */
  readonly name: string;
  /** Bytes that are here; of an archive, those that were unpacked. */
  readonly bytes: number;
  /** Bytes that there are; null where that is not known. */
  readonly total: number | null;
}

/** Where to, and how. */
export interface TarCacheOptions extends Patience {
  readonly cacheFolder: string;
  /** @default the global `fetch` */
  readonly fetch?: typeof fetch | undefined;
  readonly onProgress?: ((progress: TarProgress) => void) | undefined;
}

/**
 * Unpacks a gzipped tar into the cache. An archive that is damaged is unpacked as far as it goes.
 *
 * @param path Absolute path.
 * @throws {SpeechmillError} If it cannot be read, or the disk is full.
 */
export async function unpackTar(path: string, options: TarCacheOptions): Promise<BroughtTar> {
  const { size, mtime } = Deno.statSync(path);
  const goal = cachedPath([path, size, mtime?.getTime()], options);
  return await once(goal, options, async (temporary) => {
    const problem = await unpack(path, temporary, path, options);
    // By its time a worker sees whether it is the file of the plan.
    Deno.utimeSync(temporary, mtime ?? new Date(0), mtime ?? new Date(0));
    return problem;
  });
}

/**
 * Downloads a tar into the cache, and unpacks it there if it is gzip. What is in the cache is not
 * asked for again.
 *
 * @throws {UsageError} If there is no such file, or it is not ours to read.
 * @throws {SpeechmillError} If the network stays down, or the disk is full.
 */
export async function downloadTar(url: URL, options: TarCacheOptions): Promise<BroughtTar> {
  const name = shownAddress(url);
  return await once(cachedPath([url.href], options), options, async (temporary) => {
    const download = `${temporary}.download`;
    const changed = await downloadFile({
      ...options,
      url,
      path: download,
      onBytes: (bytes, total) => options.onProgress?.({ action: "download", name, bytes, total }),
    });
    const problem = await unpackDownload(download, temporary, name, options);
    Deno.utimeSync(temporary, changed ?? new Date(0), changed ?? new Date(0));
    return problem;
  });
}

async function unpackDownload(
  download: string,
  to: string,
  name: string,
  options: TarCacheOptions,
): Promise<string | null> {
  try {
    if (sniffTar(download, name) === "gzip") return await unpack(download, to, name, options);
    Deno.renameSync(download, to);
    return null;
  } finally {
    removeIfThere(download);
  }
}

function unpack(
  from: string,
  to: string,
  name: string,
  { onProgress, signal }: TarCacheOptions,
): Promise<string | null> {
  const onBytes = (bytes: number) => {
    onProgress?.({ action: "unpack", name, bytes, total: null });
  };
  return gunzipFile({ from, to, name, signal, onBytes });
}

function cachedPath(identity: readonly unknown[], { cacheFolder }: TarCacheOptions): string {
  const digest = createHash("sha256").update(JSON.stringify(identity)).digest("hex");
  return join(cacheFolder, "tars", `${digest.slice(0, 32)}.tar`);
}

/**
 * The file under this path; made if it is not there. One process makes it, others wait.
 *
 * @param make Writes a temporary file and tells what was wrong with what it was made from.
 */
async function once(
  path: string,
  options: TarCacheOptions,
  make: (temporary: string) => Promise<string | null>,
): Promise<BroughtTar> {
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
    using lock = await lockFile(`${path}.lock`, options);
    // Where there are no locks, two processes must not write to one file.
    const temporary = lock === null ? `${path}.${crypto.randomUUID()}.tmp` : `${path}.tmp`;
    if (!isThere(path)) await makeFile(path, temporary, make);
    return { path, problem: readProblem(path) };
  } catch (error) {
    throw cannotKeep(error, options.cacheFolder);
  }
}

async function makeFile(
  path: string,
  temporary: string,
  make: (temporary: string) => Promise<string | null>,
): Promise<void> {
  try {
    const problem = await make(temporary);
    if (problem === null) removeIfThere(problemPath(path));
    else Deno.writeTextFileSync(problemPath(path), problem);
    Deno.renameSync(temporary, path);
  } finally {
    removeIfThere(temporary);
  }
}

/** Errors of the file system do not say what we were doing. */
function cannotKeep(error: unknown, folder: string): unknown {
  const isFromSystem = error instanceof Error && "code" in error &&
    !(error instanceof SpeechmillError || error instanceof DOMException);
  if (!isFromSystem) return error;
  return new SpeechmillError(
    `Cannot keep tars in the cache '${folder}': ${messageOf(error)}; set SPEECHMILL_CACHE to a ` +
      "folder that can be written",
    { cause: error },
  );
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function problemPath(path: string): string {
  return `${path}.problem`;
}

function readProblem(path: string): string | null {
  try {
    return Deno.readTextFileSync(problemPath(path));
  } catch {
    return null;
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
