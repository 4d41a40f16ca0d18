/**
 * What a source is: something that lists samples in a stable order.
 *
 * @module
 */

import type { AudioPart } from "../audio/part.ts";

/** One sample as its source knows it. */
export interface SourceSample {
  /** Unique in the run. Any text; never used as a path. */
  readonly id: string;
  /** Where its audio lies: an absolute path, or null for text alone. */
  readonly audio: string | null;
  /** Where in that file, if it holds many samples. @default the file is the sample's alone */
  readonly part?: AudioPart;
  /**
   * Whether the file is brought here only when its samples are due (see `Source.blocks`): planning
   * does not look at it. @default {false}
   */
  readonly isDeferred?: boolean;
  /** Which of the run's datasets it belongs to, from 0. @default {0} */
  readonly origin?: number;
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
  }
  | {
    /** Rows that a column filter leaves out; they are counted. */
    readonly kind: "excluded";
    readonly count: number;
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
  /**
   * Whether samples lie one after another in large files, so that they are leased in the order
   * listed: a row group is read once then, whatever split or length its rows have. A source with
   * `blocks` always is. @default {false}
   */
  readonly isSequential?: boolean;
  /**
   * Why no sample has audio, where that is certain before anything is listed: `'a.parquet' has no
   * audio: it has 'text' (text)`. Of several datasets, what the first such one says.
   *
   * @default some may have audio
   */
  readonly textOnly?: string;
  /** Brings the files of deferred samples here. @default nothing is deferred */
  readonly blocks?: Blocks;
}

/** Files that are brought here when samples in them are due, and dropped after. */
export interface Blocks {
  /**
   * Brings a file here; resolves at once where it is here already. Called for one path at a time
   * or for several at once; what was brought stays until it is dropped, and may be brought again
   * after. On `resume` nothing is listed before: the path has to say what is wanted.
   *
   * @param path The absolute path that samples of this source have as `audio`.
   * @param origin The origin of these samples; for a source that is made of several.
   * @throws {SampleError} If what it holds is damaged for good: its samples are quarantined.
   * @throws {SpeechmillError} If it cannot be brought here now: the run stops and can be resumed.
   */
  bring(path: string, signal: AbortSignal, origin: number): Promise<void>;
  /** No sample in it is pending any more: its room may be used for others. */
  drop(path: string, origin: number): Promise<void>;
}
