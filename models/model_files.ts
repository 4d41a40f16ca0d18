/**
 * Files that ship beside the code. Read in place from a checkout; where the code itself was
 * imported over HTTP, fetched once into the cache folder and verified.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Environment, processEnvironment } from "../lib/environment.ts";
import { messageOf, SpeechmillError } from "../lib/errors.ts";
import { cacheFolder } from "./cache_folder.ts";
import { sha256 } from "./digest.ts";

/** What reading them touches; parameters so that tests can break any of it. */
export interface ModelFileAccess {
  /** @default the variables of this process, where it may read them */
  readonly environment?: Environment;
  /** @default the global `fetch` */
  readonly fetch?: (url: URL) => Promise<Response>;
}

/** A file and the content it must have. */
export interface PinnedFile {
  /** `file:`, `http:` or `https:`. */
  readonly url: URL;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
}

/**
 * The content of a pinned file.
 *
 * A cached copy that is damaged is fetched again. A new copy gets its name only when it is
 * whole, so that neither a cut connection nor a second process leaves a part behind.
 *
 * @throws {SpeechmillError} If it cannot be read or fetched, or is not what was pinned.
 */
export async function readPinnedFile(
  file: PinnedFile,
  access: ModelFileAccess = {},
): Promise<Uint8Array<ArrayBuffer>> {
  if (file.url.protocol === "file:") {
    const path = fileURLToPath(file.url);
    const bytes = await readIfThere(path);
    if (bytes === null) throw new SpeechmillError(`Cannot read '${path}': there is no such file`);
    verify(file, bytes, path, "restore it from the repository");
    return bytes;
  }
  const folder = join(cacheFolder(access.environment ?? processEnvironment), "models");
  const path = join(folder, `${file.sha256}.onnx`);
  const cached = await readIfThere(path);
  if (cached !== null && sha256(cached) === file.sha256) return cached;
  const bytes = await download(file.url, access.fetch ?? fetch);
  verify(file, bytes, file.url.href, "run the command again");
  await publish(folder, path, bytes);
  return bytes;
}

async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw new SpeechmillError(`Cannot read '${path}': ${messageOf(error)}`, { cause: error });
  }
}

async function download(
  url: URL,
  fetchFile: (url: URL) => Promise<Response>,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const response = await fetchFile(url);
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`the server answers ${response.status} ${response.statusText}`.trimEnd());
    }
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw new SpeechmillError(
      `Cannot fetch '${url.href}': ${messageOf(error)}; run the command again`,
      { cause: error },
    );
  }
}

function verify(file: PinnedFile, bytes: Uint8Array, place: string, remedy: string): void {
  const found = sha256(bytes);
  if (found === file.sha256) return;
  throw new SpeechmillError(
    `Cannot use '${place}': its SHA-256 is ${found} where ${file.sha256} was due ` +
      `(${bytes.length} bytes); ${remedy}`,
  );
}

async function publish(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeFile(temporary, bytes);
    await Deno.rename(temporary, path);
  } catch (error) {
    await removeIfThere(temporary);
    throw new SpeechmillError(
      `Cannot keep '${path}': ${
        messageOf(error)
      }; set SPEECHMILL_CACHE to a folder that can be written`,
      { cause: error },
    );
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) {
      throw error;
    }
  }
}
