/**
 * What a stage is on the worker's side.
 *
 * @module
 */
import type { FailureReason } from "../lib/errors.ts";

/** A sample as a worker reads it from the plan. */
export interface LeasedSample {
  readonly idx: number;
  readonly id: string;
  readonly audio: string | null;
  /** Where in that file, as `writePart` writes it; null if all of it is the sample's. */
  readonly part: string | null;
  readonly text: string | null;
  readonly start: number | null;
  readonly end: number | null;
  /** Of the audio file when it was planned; null if it was not looked at. */
  readonly size: number | null;
  readonly mtime: number | null;
  /** Limits of its dataset in seconds; null leaves those of the run. */
  readonly minSeconds: number | null;
  readonly maxSeconds: number | null;
}

/** What a feeder thread makes of a sample. */
export interface Prepared {
  /** Seconds of audio; 0 for text. */
  readonly seconds: number;
  /** Input of the model: padded PCM. */
  readonly data: Float32Array<ArrayBuffer>;
  /** Samples of real audio in `data`. */
  readonly numSamples: number;
}

/** A window of a sample, or all of it: one place in a batch. */
export interface Piece {
  /** Where it starts in the sample's data, and how long it is. */
  readonly start: number;
  readonly length: number;
}

/** What a stage answers for a sample. */
export type Output = Record<string, unknown>;

/** The side of a stage that runs in feeder threads: reads and decodes, synchronously. */
export interface Preparer {
  /** @throws {SampleError} If the sample cannot be prepared. */
  prepare(sample: LeasedSample): Prepared;
  /** Removes its temporary files. A worker's go with the folder that it may write to. */
  [Symbol.dispose]?(): void;
}

/** The side of a stage that runs in the model thread. */
export interface Runner extends AsyncDisposable {
  readonly modelDigest: string;
  /** What it runs on, for people. */
  readonly provider: string;
  /**
   * Runs pieces of one length together.
   *
   * @param batch `count` pieces of `length` samples, one after another.
   * @returns One result a piece, whatever the stage's `join` understands.
   */
  run(batch: Float32Array<ArrayBuffer>, count: number): Promise<unknown[]>;
}

/** The side of a stage that runs on the worker's main thread: cuts and joins. */
export interface Cutter {
  /** Hz of the prepared data, to turn samples into seconds. */
  readonly sampleRate: number;
  /**
   * Cuts a sample into pieces. One piece, the whole, if it is not longer than the window.
   *
   * @param windowSamples Length of a window; 0 for no limit.
   */
  cut(dataLength: number, windowSamples: number): readonly Piece[];
  /** The shortest window that still gives the tokens of the whole; null if none does. */
  readonly minWindow: number | null;
  /** Puts the results of a sample's pieces together. */
  join(
    prepared: { readonly dataLength: number; readonly numSamples: number },
    pieces: readonly Piece[],
    results: readonly unknown[],
  ): Output;
  /** What a failure of the model means. */
  classify(error: string): FailureReason | "device_lost";
}

/** A stage: its three sides, each made where it runs. */
export interface Stage {
  /** Answers a sample at once, on the main thread; a stage that has it has no other side. */
  inline?(sample: LeasedSample): { readonly seconds: number; readonly output: Output };
  makePreparer(settings: Record<string, unknown>): Preparer | Promise<Preparer>;
  makeRunner(settings: Record<string, unknown>): Promise<Runner>;
  makeCutter(settings: Record<string, unknown>): Cutter | Promise<Cutter>;
}

/** Stages by name. */
export type StageRegistry = Readonly<Record<string, Stage>>;
