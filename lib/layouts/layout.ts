/**
 * What a token layout is: a way to write the codes of a clip, and the way back.
 *
 * @module
 */
import type { Codes } from "../../models/codec.ts";
import type { Json } from "../run/job.ts";

/** The names of the layouts, as settings have them. */
export const LAYOUTS = [
  "layers",
  "frame_interleaved",
  "codebook_interleaved",
  "delay",
  "orpheus",
  "kani",
  "encodec_interleaved",
] as const;

/** The name of a layout. */
export type LayoutName = typeof LAYOUTS[number];

/** What is chosen of a layout. */
export interface LayoutOptions {
  /** The first id of audio tokens, added to every token; null for the layout's own. @default {null} */
  readonly base?: number | null;
  /** Drop a frame whose first code equals that of the frame before (Orpheus's training does). @default {false} */
  readonly removeRepeatedFrames?: boolean;
}

/** What a layout must know of a codec. */
export interface LayoutCodec {
  /** For messages. */
  readonly id: string;
  /** Samples per code of each layer, coarse to fine. */
  readonly hopLengths: readonly number[];
  /** Entries of each codebook. */
  readonly codebookSize: number;
}

/** The codes of a clip as a layout writes them: as many lists as `columns` says. */
export type Arranged = readonly (readonly number[])[];

/** A layout for one codec. */
export interface Layout {
  readonly name: LayoutName;
  /** Whether it writes one sequence (the column `tokens`), not a list for each codebook. */
  readonly isFlat: boolean;
  /** Lists that it writes: one for a flat sequence, else one for each codebook. */
  readonly columns: number;
  /** The smallest token it writes: what `base` is. */
  readonly base: number;
  /** The largest token it writes. */
  readonly maximum: number;
  /**
   * Whether it needs every codebook filled up to whole frames of the coarsest, so that the codes of
   * the model's own padding are kept up to there. Only codecs whose layers differ in rate have such.
   */
  readonly wholeFrames: boolean;
  /** Whether `restore` gives back what `arrange` was given. */
  readonly isLossless: boolean;
  /** @throws {RangeError} If the codes are not of this codec, or end within a frame. */
  arrange(codes: Codes): Arranged;
  /** @throws {RangeError} If this is nothing that `arrange` wrote. */
  restore(arranged: Arranged): Codes;
  /** What each token id means, for `vocabulary.json`. */
  vocabulary(): { readonly [field: string]: Json };
}
