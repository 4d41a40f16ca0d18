/**
 * All of a run into a repository: what is there stays, what is not goes up, and at the end the
 * repository's own listing is held against the manifest.
 *
 * @module
 */
import { commitAll, filesToSend, type FileToSend } from "./commit_all.ts";
import { compareFiles, refuseOthers } from "./compare.ts";
import { commitLimits, planCommits, type PlannedCommit } from "./plan_commits.ts";
import { listRemote, remoteDigest, type RemoteTree } from "./remote_tree.ts";
import type { RunContent } from "./run_content.ts";
import type { UploadSession } from "./session.ts";
import { verifyRemote } from "./verify_remote.ts";

/** The Hub counts commits by the hour, and there is nothing left to do but to commit. */
const LONGEST_PAUSE = 3_600_000;

/**
 * Uploads a run.
 *
 * @param replace Whether files of something else are replaced and removed.
 * @throws {RunConflictError} If there are such files, and they are to stay.
 * @throws {SpeechmillError} If the listing at the end is not what the manifest states.
 */
export async function uploadContent(
  session: UploadSession,
  content: RunContent,
  replace: boolean,
): Promise<void> {
  const files = [...content.data, ...content.descriptions];
  session.emit({ type: "comparing", files: files.length });
  const tree = await listRemote(session);
  const commits = await plan(session, { content, tree, replace });
  if (commits.length > 0) {
    await commitAll(session, commits, { parent: tree.commit, longestPause: LONGEST_PAUSE });
  }
  await verifyRemote(session, files, commits.length > 0 ? await listRemote(session) : tree);
  const sent = commits.flatMap((commit) => commit.files);
  session.emit({
    type: "finished",
    files: sent.length,
    bytes: sent.reduce((sum, { bytes }) => sum + bytes, 0),
    skipped: files.length - sent.length,
    commits: commits.length,
    url: session.url,
  });
}

interface PlanInput {
  readonly content: RunContent;
  readonly tree: RemoteTree;
  readonly replace: boolean;
}

async function plan(
  session: UploadSession,
  { content, tree, replace }: PlanInput,
): Promise<PlannedCommit<FileToSend>[]> {
  const { digest, data, descriptions } = content;
  const theirs = await remoteDigest(session, tree);
  const comparison = await compareFiles([...data, ...descriptions], tree);
  const ownership = { repository: session.repository.id, digest, remoteDigest: theirs };
  if (!replace) refuseOthers(ownership, comparison);
  const wanted = new Set([...comparison.missing, ...comparison.changed]);
  const isForeign = theirs !== null && theirs !== digest;
  const contents = {
    data: await filesToSend(data.filter((file) => wanted.has(file))),
    descriptions: await filesToSend(descriptions.filter((file) => wanted.has(file))),
    deletions: comparison.stale,
    outdated: isForeign ? "manifest.json" : null,
  };
  return planCommits(contents, commitLimits(wanted.size));
}
