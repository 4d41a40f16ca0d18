/**
 * SHA-256 over a file, and over the files of a model.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** SHA-256 of bytes, hexadecimal. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** SHA-256 of a file of any size, hexadecimal. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  const buffer = new Uint8Array(1 << 20);
  while (true) {
    const read = await file.read(buffer);
    if (read === null) return hash.digest("hex");
    hash.update(buffer.subarray(0, read));
  }
}

/**
 * One digest for several files: the SHA-256 of what `sha256sum` prints for them in the order of
 * their names, so that `sha256sum *.onnx | sha256sum` gives it too.
 *
 * @param hashes SHA-256 of each file, by name.
 */
export function digestOfFiles(hashes: Readonly<Record<string, string>>): string {
  const lines = Object.keys(hashes).sort().map((name) => `${hashes[name]}  ${name}\n`);
  return sha256(lines.join(""));
}
