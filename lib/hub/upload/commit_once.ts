/**
 * One attempt at one commit.
 *
 * @module
 */
import { messageOf } from "../../errors.ts";
import { commitIter, type CommitOperation, type CommitOutput } from "../../npm/huggingface_hub.ts";
import { PassingError } from "../back_off.ts";
import { XetError } from "./failures.ts";
import { LibraryWatch } from "./library_watch.ts";
import type { LocalFile } from "./local_file.ts";
import type { UploadSession } from "./session.ts";

/** What a commit does. */
export interface CommitChange {
  readonly title: string;
  readonly files: readonly LocalFile[];
  /** Names of files that are removed. */
  readonly deletions: readonly string[];
}

/**
 * Sends what the store does not have, and commits.
 *
 * @param parent The commit that it must follow: where another one came first, the Hub refuses.
 * @returns The new commit.
 * @throws {PassingError} If the commit may have been applied, and may not.
 * @throws {XetError} If the content can be sent in another way.
 */
export async function commitOnce(
  session: UploadSession,
  change: CommitChange,
  parent: string,
): Promise<string> {
  const { signal } = session.patience;
  const what = `commit to '${session.repository.id}'`;
  return await session.ask(what, async ({ fetch, ...library }) => {
    const watch = new LibraryWatch(fetch);
    const end = new AbortController();
    const commit = commitIter({
      ...library,
      ...{ title: change.title, parentCommit: parent, branch: "main", fetch: watch.fetch },
      operations: await operationsOf(change, watch.fail),
      useXet: session.mayUseXet,
      abortSignal: signal === undefined ? end.signal : AbortSignal.any([signal, end.signal]),
    });
    let isCommitting = false;
    try {
      while (true) {
        const { done, value } = await Promise.race([commit.next(), watch.failed]);
        if (done) return oidOf(value);
        isCommitting ||= value.event === "phase" && value.phase === "committing";
      }
    } catch (error) {
      if (!watch.usesXet || isCommitting || signal?.aborted) throw error;
      throw new XetError(messageOf(error));
    } finally {
      end.abort();
    }
  });
}

/** Where the Hub does not say what it made, a listing does. */
function oidOf(output: CommitOutput | undefined): string {
  const { oid } = output?.commit ?? {};
  if (oid) return oid;
  throw new PassingError("the Hub names no commit");
}

async function operationsOf(
  { files, deletions }: CommitChange,
  onError: (error: unknown) => void,
): Promise<CommitOperation[]> {
  const operations: CommitOperation[] = [];
  for (const file of files) {
    const content = await file.content(onError);
    operations.push({ operation: "addOrUpdate", path: file.name, content });
  }
  return [...operations, ...deletions.map((path) => ({ operation: "delete" as const, path }))];
}
