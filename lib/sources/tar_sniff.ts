/**
 * What a file is that is said to be a tar, going by its first bytes.
 *
 * @module
 */
import { messageOf, UsageError } from "../errors.ts";
import { readTarHeader, TAR_BLOCK } from "../tar/header.ts";

/** Compressions that are known by sight, and not unpacked here. */
const OTHERS: readonly (readonly [string, readonly number[]])[] = [
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["zip", [0x50, 0x4b, 0x03, 0x04]],
];

/**
 * Tells a tar from one that is gzipped.
 *
 * @param name How messages call it.
 * @throws {UsageError} If it is neither, or cannot be read.
 */
export function sniffTar(path: string, name: string): "tar" | "gzip" {
  const head = readHead(path, name);
  if (head.length === 0) throw new UsageError(`Cannot read '${name}': it is empty`);
  if (startsWith(head, [0x1f, 0x8b])) return "gzip";
  const other = OTHERS.find(([, magic]) => startsWith(head, magic))?.[0];
  if (other !== undefined) {
    throw new UsageError(
      `Cannot read '${name}': it is packed with ${other}: unpack it, or pack it with gzip`,
    );
  }
  if (isTar(head)) return "tar";
  throw new UsageError(`Cannot read '${name}': it is not a tar`);
}

function isTar(head: Uint8Array): boolean {
  if (head.length < TAR_BLOCK) return false;
  try {
    readTarHeader(head);
    return true;
  } catch {
    return false;
  }
}

function startsWith(head: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, at) => head[at] === byte);
}

function readHead(path: string, name: string): Uint8Array {
  const head = new Uint8Array(TAR_BLOCK);
  try {
    using file = Deno.openSync(path);
    return head.subarray(0, file.readSync(head) ?? 0);
  } catch (error) {
    const isMissing = error instanceof Deno.errors.NotFound;
    const reason = isMissing ? "no such file" : messageOf(error);
    throw new UsageError(`Cannot read '${name}': ${reason}`, { cause: error });
  }
}
