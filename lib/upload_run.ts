/**
 * Uploading a run to a dataset on the Hugging Face Hub, as a library and as a command.
 *
 * @module
 */
import { RunConflictError, StoppedError } from "./errors.ts";
import { ensureRepository } from "./hub/upload/ensure_repository.ts";
import { eventStream } from "./hub/upload/event_stream.ts";
import type { UploadEvent } from "./hub/upload/events.ts";
import type { UploadOptions } from "./hub/upload/options.ts";
import { readRunContent } from "./hub/upload/run_content.ts";
import { UploadSession } from "./hub/upload/session.ts";
import { uploadContent } from "./hub/upload/upload_content.ts";
import { lockOwner } from "./run/lock_owner.ts";
import { runPaths } from "./run/run_directory.ts";

export {
  type BackgroundOptions,
  type BackgroundUpload,
  backgroundUpload,
} from "./hub/upload/background.ts";
export {
  checkUploadTarget,
  type TargetOptions,
  type UploadTarget,
} from "./hub/upload/check_target.ts";
export type { UploadEvent } from "./hub/upload/events.ts";
export type { UploadOptions } from "./hub/upload/options.ts";

/**
 * Uploads the dataset of a run and yields what happens; the last event is `finished`. What the
 * repository has already is not uploaded again, so that it can be called until it succeeds.
 *
 * @param directory The run directory, or a copy of its dataset.
 * @param repository `org/name`. It is made, private unless told otherwise, if there is none.
 * @throws {UsageError} If there is no run, no token, or the name is none.
 * @throws {RunConflictError} If the repository holds files of something else, or the run goes on.
 * @throws {StoppedError} If it is asked to stop.
 * @throws {SpeechmillError} If the Hub refuses or cannot be reached, or does not hold in the end
 * what the manifest states.
 */
export async function* uploadRun(
  directory: string,
  repository: string,
  options: UploadOptions = {},
): AsyncGenerator<UploadEvent> {
  try {
    yield* eventStream(async (emit, left) => {
      const { signal: asked, isPublic = false, replace = false } = options;
      const signal = asked === undefined ? left : AbortSignal.any([asked, left]);
      refuseRunning(directory);
      const content = await readRunContent(directory);
      const session = await UploadSession.open(repository, emit, { ...options, signal });
      await ensureRepository(session, isPublic);
      await uploadContent(session, content, replace);
    });
  } catch (error) {
    if (!options.signal?.aborted) throw error;
    throw new StoppedError(
      `Cannot finish the upload to '${repository}': it was asked to stop; what is there stays, ` +
        "run the command again to go on",
    );
  }
}

function refuseRunning(directory: string): void {
  const owner = lockOwner(runPaths(directory).lock);
  if (owner === null) return;
  throw new RunConflictError(
    `Cannot upload the run '${directory}': ${owner} works in it: wait for it, or stop it`,
  );
}
