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
  /** Bytes; null for text alone, for a file that is brought here later, or where there is none. */
  readonly size: number | null;
  /** Milliseconds since 1970. */
  readonly mtime: number | null;
  /** Seconds, as far as the source or a header tells. */
  readonly duration: number | null;
  /** Why there is nothing to decode. */
  readonly failure: { readonly reason: FailureReason; readonly detail: string } | null;
}

/** A file as the file system knows it, or why it cannot be read. */
type FileLook =
  | { readonly size: number; readonly mtime: number | null }
  | { readonly missing: (named: string) => string };

/** Errors that speak of this path alone; any other may be the end of the whole disk. */
const NO_SUCH_FILE = new Set(["ENOENT", "ENOTDIR"]);
const NO_READABLE_FILE = new Set(["EACCES", "EPERM", "ENAMETOOLONG", "ELOOP", "EINVAL"]);

/** Looks at the audio files of samples; at one that holds many samples once. */
export class AudioInspector {
  #containers = new Map<string, FileLook>();

  /** @throws {SpeechmillError} If the file system fails. */
  inspect(sample: SourceSample): PlannedAudio {
    const declared = segmentSeconds(sample) ?? sample.duration;
    const none = { size: null, mtime: null, duration: declared, failure: null };
    if (sample.audio === null || sample.isDeferred) return none;
    const look = this.#lookAt(sample.audio, sample);
    if ("missing" in look) {
      const detail = look.missing(named(sample));
      return { ...none, failure: { reason: "missing_file", detail } };
    }
    // The header of a part is a read of the container for every sample: its worker reads it.
    const probed = declared ?? (sample.part === undefined ? probe(sample.audio, sample) : null);
    return { ...look, duration: probed, failure: null };
  }

  #lookAt(path: string, sample: SourceSample): FileLook {
    if (sample.part === undefined) return lookAt(path, sample);
    let look = this.#containers.get(path);
    if (look === undefined) this.#containers.set(path, look = lookAt(path, sample));
    return look;
  }
}

function lookAt(path: string, sample: SourceSample): FileLook {
  try {
    const { size, mtime, isFile } = Deno.statSync(path);
    if (isFile) return { size, mtime: mtime?.getTime() ?? null };
    return { missing: (named) => `Cannot read ${named}: it is not a file` };
  } catch (error) {
    const code = codeOf(error);
    if (NO_SUCH_FILE.has(code)) return { missing: (named) => `Cannot find ${named}` };
    const why = messageOf(error);
    if (NO_READABLE_FILE.has(code)) return { missing: (named) => `Cannot read ${named}: ${why}` };
    throw new SpeechmillError(`Cannot read ${named(sample)}: ${why}`, { cause: error });
  }
}

function named({ audio, place }: SourceSample): string {
  return `'${audio}', named at '${place}'`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function segmentSeconds(sample: SourceSample): number | null {
  return sample.end === null ? null : Math.max(0, sample.end - (sample.start ?? 0));
}

function probe(path: string, { start }: SourceSample): number | null {
  const whole = probeDuration(path);
  return whole === null ? null : Math.max(0, whole - (start ?? 0));
}
