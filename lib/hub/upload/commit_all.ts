/**
 * Planned commits, one after the other, no more of them an hour than the Hub takes.
 *
 * @module
 */
import { commitChange, type CommitStart } from "./commit_change.ts";
import { crowdedFolder } from "./crowded_folder.ts";
import type { LocalFile } from "./local_file.ts";
import type { PlannedCommit, SizedFile } from "./plan_commits.ts";
import type { UploadSession } from "./session.ts";

/** A file with the size that commits are planned by. */
export interface FileToSend extends SizedFile {
  readonly file: LocalFile;
}

/** Asks for the sizes of files. */
export function filesToSend(files: readonly LocalFile[]): Promise<FileToSend[]> {
  return Promise.all(files.map(async (file) => ({ file, bytes: await file.size() })));
}

/** Makes the commits, one after the other. */
export async function commitAll(
  session: UploadSession,
  commits: readonly PlannedCommit<FileToSend>[],
  { parent, longestPause }: CommitStart,
): Promise<void> {
  const names = commits.flatMap(({ files }) => files.map(({ file }) => file.name));
  const crowded = crowdedFolder(names);
  if (crowded !== null) session.emit({ type: "warning", message: crowded });
  const total = commits.reduce((sum, { files }) => sum + bytesOf(files), 0);
  let [head, done] = [parent, 0];
  for (const { files, deletions } of commits) {
    await takeTurn(session);
    tellProgress(session, files, { done, total });
    const title = titleOf(files, deletions);
    head = await commitChange(
      session,
      { title, files: files.map(({ file }) => file), deletions },
      { parent: head, longestPause },
    );
    done += bytesOf(files);
    session.emit({ type: "committed", commit: head, files: files.length, bytes: bytesOf(files) });
  }
}

async function takeTurn(session: UploadSession): Promise<void> {
  const milliseconds = session.budget.pause();
  if (milliseconds > 0) {
    const reason = "the Hub takes only so many commits an hour";
    session.emit({ type: "waiting", reason, milliseconds });
    await session.wait(milliseconds);
  }
  session.budget.spend();
}

/** Progress is told when this share of all was sent since it was told last, and with each file. */
const STEP = 0.01;

function tellProgress(
  session: UploadSession,
  files: readonly FileToSend[],
  { done, total }: { readonly done: number; readonly total: number },
): void {
  const byPath = new Map(files.map((file) => [file.file.path, file]));
  const sent = new Map<string, number>();
  let told = -Infinity;
  session.sent.onSent = (path, count) => {
    const file = byPath.get(path);
    if (file === undefined) return;
    sent.set(path, Math.min(count, file.bytes));
    const bytes = done + sent.values().reduce((sum, part) => sum + part, 0);
    if (bytes - told < total * STEP && count < file.bytes) return;
    told = bytes;
    session.emit({ type: "uploading", file: file.file.name, bytes, total });
  };
}

function titleOf(files: readonly FileToSend[], deletions: readonly string[]): string {
  const count = (number: number) => `${number} ${number === 1 ? "file" : "files"}`;
  const removal = deletions.length === 0 ? "" : `, remove ${count(deletions.length)}`;
  return `Upload ${count(files.length)}${removal} with speechmill`;
}

function bytesOf(files: readonly FileToSend[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
