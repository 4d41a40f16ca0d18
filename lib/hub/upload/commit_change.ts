/**
 * A commit that is applied once, whatever becomes of the replies.
 *
 * @module
 */
import { BackOff, PassingError } from "../back_off.ts";
import { type CommitChange, commitOnce } from "./commit_once.ts";
import { StoreRefusalError, XetError } from "./failures.ts";
import { HubRefusalError } from "./refusal.ts";
import { listRemote, type RemoteTree } from "./remote_tree.ts";
import type { UploadSession } from "./session.ts";

/** Somebody else committed first, or is just about to. */
const OVERTAKEN = [409, 412];

/** What a commit is begun with. */
export interface CommitStart {
  /** The commit that it follows. */
  readonly parent: string;
  /** Milliseconds that the Hub may ask to wait. @default 10 minutes */
  readonly longestPause?: number | undefined;
}

/**
 * Commits a change.
 *
 * After a failure the repository is listed: what is there is not committed again. Between the
 * listing and the next attempt nothing can come, since the attempt names the commit it must follow.
 *
 * @returns The commit that holds all of the change.
 * @throws {HubUnreachableError} If there were attempts enough.
 */
export async function commitChange(
  session: UploadSession,
  change: CommitChange,
  { parent, longestPause }: CommitStart,
): Promise<string> {
  const patience = { ...session.patience, longestPause };
  const backOff = new BackOff(`commit to '${session.repository.id}'`, patience);
  let [left, head] = [change, parent];
  while (true) {
    try {
      return await commitOnce(session, left, head);
    } catch (error) {
      if (error instanceof XetError) goOnWithoutXet(session, error);
      else await backOff.after(passing(error));
    }
    const tree = await listRemote(session);
    head = tree.commit;
    left = await whatIsLeft(change, tree);
    if (left.files.length + left.deletions.length === 0) return head;
  }
}

function goOnWithoutXet(session: UploadSession, { message: reason }: XetError): void {
  session.mayUseXet = false;
  const message = `The Hub's Xet store fails (${reason}): going on with LFS`;
  session.emit({ type: "warning", message });
}

function passing(error: unknown): unknown {
  if (error instanceof StoreRefusalError) return new PassingError(error.message);
  const isOvertaken = error instanceof HubRefusalError && OVERTAKEN.includes(error.status);
  return isOvertaken ? new PassingError("somebody else commits to it") : error;
}

async function whatIsLeft(change: CommitChange, { files }: RemoteTree): Promise<CommitChange> {
  const left = [];
  for (const file of change.files) {
    const remote = files.get(file.name);
    if (remote === undefined || !(await file.equals(remote))) left.push(file);
  }
  return { ...change, files: left, deletions: change.deletions.filter((name) => files.has(name)) };
}
