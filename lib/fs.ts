/**
 * The file system as a parameter. All that the engine publishes goes through these few
 * operations, so that a test can fail, tear or kill any one of them.
 *
 * @module
 */
import { messageOf } from "./errors.ts";
import { dirname } from "node:path";

/** A file being written from its start. */
export interface OutputFile extends Disposable {
  /** Writes all of `bytes`. */
  write(bytes: Uint8Array): void;
  /** Returns once the content is on the disk. */
  sync(): void;
}

/** What the engine needs of a file system. Every operation throws as `Deno.*Sync` does. */
export interface FileSystem {
  /** Creates a directory and its parents; an existing one is fine. */
  makeDirectory(path: string): void;
  /** Creates a file, or empties it. */
  create(path: string): OutputFile;
  /** Replaces `to` by `from` in one step. */
  rename(from: string, to: string): void;
  /** Makes earlier renames in this directory durable. */
  syncDirectory(path: string): void;
  /** Removes a file; a missing one is fine. */
  remove(path: string): void;
  /** Removes a folder and all that is in it; a missing one is fine. */
  removeTree(path: string): void;
}

/** The real file system. */
export const realFileSystem: FileSystem = {
  makeDirectory(path) {
    Deno.mkdirSync(path, { recursive: true });
  },
  create(path) {
    return new RealOutputFile(path);
  },
  rename(from, to) {
    Deno.renameSync(from, to);
  },
  syncDirectory(path) {
    try {
      using directory = Deno.openSync(path);
      directory.syncSync();
    } catch (error) {
      // Windows and some network file systems cannot sync a directory; the rename still happened.
      if (
        !(error instanceof Deno.errors.PermissionDenied || isUnsupported(error))
      ) throw error;
    }
  },
  remove(path) {
    removeIfThere(path, false);
  },
  removeTree(path) {
    removeIfThere(path, true);
  },
};

function removeIfThere(path: string, recursive: boolean): void {
  try {
    Deno.removeSync(path, { recursive });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

class RealOutputFile implements OutputFile {
  #path: string;
  #file: Deno.FsFile;

  constructor(path: string) {
    this.#path = path;
    this.#file = Deno.openSync(path, { write: true, create: true, truncate: true });
  }

  write(bytes: Uint8Array): void {
    this.#named(() => {
      let written = 0;
      while (written < bytes.length) written += this.#file.writeSync(bytes.subarray(written));
    });
  }

  sync(): void {
    this.#named(() => this.#file.syncSync());
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  /** The system's own errors do not say which file it was. */
  #named(operation: () => void): void {
    try {
      operation();
    } catch (error) {
      throw new Error(`Cannot write '${this.#path}': ${messageOf(error)}`, { cause: error });
    }
  }
}

function isUnsupported(error: unknown): boolean {
  return error instanceof Deno.errors.NotSupported ||
    (error instanceof Error && /EINVAL|os error 22/.test(error.message));
}

/**
 * Publishes a small file: temporary name in the same folder, sync, rename, sync of the folder.
 * A reader sees the old content or the new, never a part.
 *
 * @param content All of it, or its pieces: a list of millions of failures fits in no string.
 */
export function publishFile(
  fs: FileSystem,
  path: string,
  content: string | Iterable<string>,
): void {
  const encoder = new TextEncoder();
  const temporary = temporaryName(path);
  {
    using file = fs.create(temporary);
    for (const piece of typeof content === "string" ? [content] : content) {
      file.write(encoder.encode(piece));
    }
    file.sync();
  }
  fs.rename(temporary, path);
  fs.syncDirectory(dirname(path));
}

/** Opens a file for reading; null where there is none, or none that may be read. */
export function openIfReadable(path: string): Deno.FsFile | null {
  try {
    return Deno.openSync(path, { read: true });
  } catch {
    return null;
  }
}

/** Whether something lies under this path, as far as can be seen. */
export function pathExists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** The name a file has until it is published; `discardTemporaryFiles` knows it by its ending. */
export function temporaryName(path: string): string {
  return `${path}.tmp`;
}
