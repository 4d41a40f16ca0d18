/**
 * Whether a run can be uploaded to a repository, found out before it is begun.
 *
 * @module
 */
import { join } from "node:path";
import { StoppedError } from "../../errors.ts";
import { isOurs, refuseOthers } from "./compare.ts";
import { ensureRepository } from "./ensure_repository.ts";
import type { OnUploadEvent } from "./events.ts";
import type { UploadOptions } from "./options.ts";
import { listRemote, remoteDigest, type RemoteTree } from "./remote_tree.ts";
import { UploadSession } from "./session.ts";

/** What is known of a run before it is begun. */
export interface TargetOptions extends UploadOptions {
  /** `config_digest` of the run. @default unknown: whose files lie there is not checked */
  readonly digest?: string;
  /** The run directory: shards in the repository may be those of an earlier session. */
  readonly directory?: string;
}

/** Where a run will be seen. */
export interface UploadTarget {
  readonly url: string;
}

/**
 * Makes sure of the token, of the repository and of the right to write to it, and that it holds no
 * files of something else. A repository that is not there is made.
 *
 * @param repository `org/name`.
 * @throws {UsageError} If there is no token, it may only read, or the name is none.
 * @throws {RunConflictError} If the repository holds files of something else.
 * @throws {SpeechmillError} If the repository is not ours to write, or the Hub cannot be reached.
 */
export async function checkUploadTarget(
  repository: string,
  options: TargetOptions = {},
): Promise<UploadTarget> {
  const { isPublic = false, replace = false, digest, directory } = options;
  try {
    const session = await UploadSession.open(repository, tellWaits(options), options);
    await ensureRepository(session, isPublic);
    if (digest !== undefined && !replace) await refuseEarly(session, digest, directory);
    return { url: session.url };
  } catch (error) {
    if (!options.signal?.aborted) throw error;
    throw new StoppedError(`Cannot look at '${repository}': it was asked to stop`);
  }
}

/** Of what happens here, a pause alone is worth being told. */
function tellWaits({ onWait }: TargetOptions): OnUploadEvent {
  return (event) => {
    if (event.type !== "waiting") return;
    const { reason, milliseconds } = event;
    onWait?.({ reason, milliseconds });
  };
}

/** The files of the run are not known yet; those of its earlier sessions are. */
async function refuseEarly(
  session: UploadSession,
  digest: string,
  directory: string | undefined,
): Promise<void> {
  const tree = await listRemote(session);
  const theirs = await remoteDigest(session, tree);
  const ownership = { repository: session.repository.id, digest, remoteDigest: theirs };
  // The card comes with the manifest: alone it is somebody else's.
  const changed = theirs === null && tree.files.has("README.md") ? [{ name: "README.md" }] : [];
  const stale = theirs === null ? strangers(tree, directory) : [];
  refuseOthers(ownership, { changed, stale });
}

/** Data files that no earlier session of the run has left in its folder. */
function strangers({ files }: RemoteTree, directory: string | undefined): string[] {
  return [...files].filter(([name, { size }]) => {
    return isOurs(name) && (directory === undefined || sizeOf(join(directory, name)) !== size);
  }).map(([name]) => name).sort();
}

function sizeOf(path: string): number | null {
  try {
    return Deno.statSync(path).size;
  } catch {
    return null;
  }
}
