/**
 * What a source is: something that lists samples in a stable order.
 *
 * @module
 */

/** One sample as its source knows it. */
export interface SourceSample {
  /** Unique in the run. Any text; never used as a path. */
  readonly id: string;
  /** Where its audio lies: an absolute path, or null for text alone. */
  readonly audio: string | null;
  readonly text: string | null;
  readonly speaker: string | null;
  readonly language: string | null;
  /** Seconds, as the source declares them; null where it does not. */
  readonly duration: number | null;
  /** Start of the segment in the audio file, in seconds; null for the beginning. */
  readonly start: number | null;
  /** End of the segment in the audio file, in seconds; null for the end. */
  readonly end: number | null;
  /** Where the source names it, for messages: `manifest.jsonl:12`, or the audio path. */
  readonly place: string;
}

/** What listing yields: a sample, or a line that is none. */
export type SourceItem =
  | { readonly kind: "sample"; readonly sample: SourceSample }
  | {
    /** A line or file that cannot be a sample; it is quarantined under its place. */
    readonly kind: "reject";
    readonly id: string | null;
    readonly place: string;
    readonly detail: string;
  };

/** A file that the list of samples depends on (a manifest; not the audio files). */
export interface SourceFile {
  /** Absolute path. */
  readonly path: string;
  /** SHA-256 of what decides the list: a manifest's bytes, a folder's sorted paths and its texts. */
  readonly sha256: string;
}

/** Lists the samples of one input. */
export interface Source {
  /** What it is, for people: `folder /data/speech`. */
  readonly description: string;
  /**
   * Every item in a stable order: the same input gives the same sequence on every machine.
   *
   * @throws {UsageError} If the input as a whole cannot be read (no such file, no such column).
   */
  list(): AsyncIterable<SourceItem>;
  /** Digests by which `resume` sees that the list is still the one that was planned. */
  fingerprint(): Promise<readonly SourceFile[]>;
}
