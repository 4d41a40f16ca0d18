/**
 * What each token id means, as `vocabulary.json` tells it.
 *
 * @module
 */
import type { Json } from "../run/job.ts";
import type { LayoutCodec, LayoutName } from "./layout.ts";

/** Ids that codes of one codebook have, in one place of a frame or one column; all from 1. */
export type TokenRange =
  | { readonly slot: number; readonly codebook: number; readonly first: number }
  | { readonly column: number; readonly codebook: number; readonly first: number };

/** An id that is no code. */
export interface SpecialToken {
  readonly id: number;
  readonly name: string;
  readonly meaning: string;
}

/** What a vocabulary is made of. */
export interface VocabularyFacts {
  readonly name: LayoutName;
  readonly codec: LayoutCodec;
  readonly base: number;
  /** The largest id. */
  readonly maximum: number;
  readonly ranges: readonly TokenRange[];
  /** @default {[]} */
  readonly specials?: readonly SpecialToken[];
}

/** The fields are explained in `docs/layouts.md`. */
export function vocabularyOf(facts: VocabularyFacts): { readonly [field: string]: Json } {
  const { name, codec, base, maximum, ranges, specials = [] } = facts;
  return {
    layout: name,
    codec: codec.id,
    base,
    size: maximum - base + 1,
    first: base,
    last: maximum,
    codebooks: codec.hopLengths.length,
    codebook_size: codec.codebookSize,
    // The code is the id less `first`.
    ranges: ranges.map((range) => ({ ...range, last: range.first + codec.codebookSize - 1 })),
    specials: specials.map((special) => ({ ...special })),
  };
}
