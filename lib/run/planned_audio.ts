/**
 * What the plan notes about the audio file of a sample, without decoding it.
 *
 * @module
 */
import { probeDuration } from "../audio/probe.ts";
import { type FailureReason, messageOf, SpeechmillError } from "../errors.ts";
import type { SourceSample } from "../sources/source.ts";

/** A sample's audio file as it stands. */
export interface PlannedAudio {
  /** Bytes; null for text alone, or where there is no file. */
  readonly size: number | null;
  /** Milliseconds since 1970. */
  readonly mtime: number | null;
  /** Seconds, as far as the source or a header tells. */
  readonly duration: number | null;
  /** Why there is nothing to decode. */
  readonly failure: { readonly reason: FailureReason; readonly detail: string } | null;
}

/** Errors that speak of this path alone; any other may be the end of the whole disk. */
const NO_SUCH_FILE = new Set(["ENOENT", "ENOTDIR"]);
const NO_READABLE_FILE = new Set(["EACCES", "EPERM", "ENAMETOOLONG", "ELOOP", "EINVAL"]);

/**
 * Looks at a sample's audio file.
 *
 * @throws {SpeechmillError} If the file system fails.
 */
export function inspectAudio(sample: SourceSample): PlannedAudio {
  const declared = segmentSeconds(sample) ?? sample.duration;
  const none = { size: null, mtime: null, duration: declared };
  if (sample.audio === null) return { ...none, failure: null };
  const named = `'${sample.audio}', named at '${sample.place}'`;
  const missing = (detail: string): PlannedAudio => ({
    ...none,
    failure: { reason: "missing_file", detail },
  });
  try {
    const { size, mtime, isFile } = Deno.statSync(sample.audio);
    if (!isFile) return missing(`Cannot read ${named}: it is not a file`);
    const duration = declared ?? probe(sample.audio, sample.start);
    return { size, mtime: mtime?.getTime() ?? null, duration, failure: null };
  } catch (error) {
    const code = codeOf(error);
    if (NO_SUCH_FILE.has(code)) return missing(`Cannot find ${named}`);
    const message = `Cannot read ${named}: ${messageOf(error)}`;
    if (NO_READABLE_FILE.has(code)) return missing(message);
    throw new SpeechmillError(message, { cause: error });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function segmentSeconds(sample: SourceSample): number | null {
  return sample.end === null ? null : Math.max(0, sample.end - (sample.start ?? 0));
}

function probe(path: string, start: number | null): number | null {
  const whole = probeDuration(path);
  return whole === null ? null : Math.max(0, whole - (start ?? 0));
}
