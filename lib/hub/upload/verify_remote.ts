/**
 * Whether a repository holds what the manifest states.
 *
 * @module
 */
import { SpeechmillError } from "../../errors.ts";
import { compareFiles } from "./compare.ts";
import type { LocalFile } from "./local_file.ts";
import type { RemoteTree } from "./remote_tree.ts";
import type { UploadSession } from "./session.ts";

const MAX_NAMED = 20;

/**
 * Compares the repository's listing with the files of a run: names, sizes, hashes.
 *
 * @throws {SpeechmillError} If anything differs; it is said what.
 */
export async function verifyRemote(
  session: UploadSession,
  files: readonly LocalFile[],
  tree: RemoteTree,
): Promise<void> {
  const { missing, changed, stale } = await compareFiles(files, tree);
  const differences = [
    ...missing.map(({ name }) => `'${name}' is not there`),
    ...await Promise.all(changed.map((file) => describeChange(file, tree))),
    ...stale.map((name) => `'${name}' is no file of this run`),
  ];
  if (differences.length === 0) {
    return session.emit({ type: "verified", files: files.length });
  }
  const lines = differences.slice(0, MAX_NAMED).map((line) => `\n  - ${line}`).join("");
  const more = Math.max(0, differences.length - MAX_NAMED);
  throw new SpeechmillError(
    `Cannot trust the upload to '${session.repository.id}': its listing at ${tree.commit} is not ` +
      `what the manifest states; upload once more${lines}${
        more === 0 ? "" : `\n  and ${more} more`
      }`,
  );
}

async function describeChange(file: LocalFile, { files }: RemoteTree): Promise<string> {
  const { size = null, sha256, gitSha1 } = files.get(file.name) ?? {};
  const due = `${await file.size()} bytes with the SHA-256 ${await file.sha256()}`;
  if (size === null) return `'${file.name}' has no stated content; it is to have ${due}`;
  return `'${file.name}' has ${size} bytes with the hash ${sha256 ?? gitSha1}, not ${due}`;
}
