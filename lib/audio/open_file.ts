/**
 * Opening a file that should hold audio, with words for everything that is no such file.
 *
 * @module
 */
import { type Stats, statSync } from "node:fs";
import type { AudioInput } from "./audio_input.ts";
import { FileSource } from "./byte_source.ts";
import { type AudioFault, decodeFailure } from "./failure.ts";

/**
 * Opens an audio file for reading at any offset.
 *
 * @param label What messages call it. @default its path
 * @throws {SampleError} `missing_file`, `not_audio` for a folder or a device, `empty_file`.
 */
export function openAudioFile(path: string, label = `'${path}'`): AudioInput & Disposable {
  const source = openSource(path, label);
  return { label, source, file: () => path, [Symbol.dispose]: () => source[Symbol.dispose]() };
}

/**
 * Opens a file in which audio lies, for reading at any offset.
 *
 * @param label What messages call it.
 * @throws {SampleError} As `openAudioFile` does.
 */
export function openSource(path: string, label: string): FileSource {
  try {
    const stats = statSync(path);
    const fault = statsFault(stats);
    if (fault !== null) throw decodeFailure(label, fault);
    return new FileSource(path, stats.size);
  } catch (error) {
    throw accessFailure(label, error);
  }
}

/** A `missing_file` for an error that speaks of this file alone; any other error as it is. */
export function accessFailure(label: string, error: unknown): unknown {
  const fault = accessFault(error);
  return fault === null ? error : decodeFailure(label, fault, { cause: error });
}

function statsFault(stats: Stats): AudioFault | null {
  if (stats.isDirectory()) {
    return { reason: "not_audio", state: "it is a folder" };
  }
  if (!stats.isFile()) {
    return { reason: "not_audio", state: "it is not a regular file" };
  }
  if (stats.size === 0) {
    return { reason: "empty_file", state: "the file is empty" };
  }
  return null;
}

/** States of files that are not there for us, by error code. */
const ACCESS_STATES: ReadonlyMap<unknown, string> = new Map([
  ["ENOENT", "there is no such file"],
  ["ENOTDIR", "a part of the path is not a folder"],
  ["ENAMETOOLONG", "the path is too long for the file system"],
  ["ELOOP", "its symbolic links lead in a circle"],
  ["EACCES", "permission to read it is denied"],
  ["EPERM", "permission to read it is denied"],
]);

function accessFault(error: unknown): AudioFault | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  const state = ACCESS_STATES.get(error.code);
  return state === undefined ? null : { reason: "missing_file", state };
}
