/**
 * What is wrong with a checkpoint. The readers tell the state alone; whoever knows the path
 * makes the sentence of it.
 *
 * @module
 */
import { messageOf, SpeechmillError } from "../errors.ts";

/** Why a checkpoint cannot be read: the part of a message after its colon. */
export class CheckpointFault extends Error {
  override name = "CheckpointFault";
}

/** The fault of bytes that were cut or changed on their way here. */
export function damaged(state: string): CheckpointFault {
  return new CheckpointFault(`${state}; download it again`);
}

/** States of files that cannot be opened, by error code. */
const ACCESS_STATES: ReadonlyMap<unknown, string> = new Map([
  ["ENOENT", "there is no such file"],
  ["ENOTDIR", "a part of the path is not a folder"],
  ["EISDIR", "it is a folder"],
  ["EACCES", "permission to read it is denied"],
  ["EPERM", "permission to read it is denied"],
]);

/**
 * The error that users see.
 *
 * @param action What cannot be done: `Cannot read checkpoint 'a.pt'`.
 * @param error What was thrown. A defect of ours is returned as it is.
 */
export function checkpointError(action: string, error: unknown): unknown {
  if (error instanceof CheckpointFault) {
    return new SpeechmillError(`${action}: ${error.message}`, { cause: error });
  }
  if (error instanceof Error && "code" in error && typeof error.code === "string") {
    const state = ACCESS_STATES.get(error.code) ?? messageOf(error);
    return new SpeechmillError(`${action}: ${state}`, { cause: error });
  }
  return error;
}
