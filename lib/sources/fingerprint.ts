/**
 * Digests of manifests.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { readRawChunks } from "./bytes.ts";
import type { SourceFile } from "./source.ts";

/**
 * Hashes the bytes of a file as they lie on disk.
 *
 * @throws {UsageError} If the file cannot be read.
 */
export async function fingerprintFile(path: string): Promise<SourceFile> {
  const hash = createHash("sha256");
  for await (const chunk of readRawChunks(path)) hash.update(chunk);
  return { path, sha256: hash.digest("hex") };
}
