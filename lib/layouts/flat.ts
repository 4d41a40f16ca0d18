/**
 * One sequence of tokens for a clip: frame after frame, in each the same slots.
 *
 * The token of slot *s* of a frame is `offsets[s] + code`. Which layouts these are, and what their
 * slots and offsets are, stands in a file for each.
 *
 * @module
 */
import type { Codes } from "../../models/codec.ts";
import { cannotRestore, checkCodes, countFrames, isCode } from "./code_check.ts";
import type { Slot } from "./frame.ts";
import type { Arranged, Layout, LayoutCodec, LayoutName } from "./layout.ts";
import { type FrameRepeats, withoutRepeats } from "./repeated_frames.ts";
import { vocabularyOf } from "./vocabulary.ts";

/** What tells one flat layout from another. */
export interface FlatFacts {
  readonly name: LayoutName;
  readonly codec: LayoutCodec;
  /** Codes of each layer in a frame. */
  readonly perFrame: readonly number[];
  readonly slots: readonly Slot[];
  readonly base: number;
  /** What each slot adds to its code, `base` included. */
  readonly offsets: readonly number[];
  /** Tells which frames are left out; null if all are kept. */
  readonly repeats: FrameRepeats | null;
}

/** A layout of one column. */
export class FlatLayout implements Layout {
  readonly name: LayoutName;
  readonly isFlat = true;
  readonly columns = 1;
  readonly base: number;
  readonly maximum: number;
  readonly wholeFrames: boolean;
  readonly isLossless: boolean;
  readonly #facts: FlatFacts;

  constructor(facts: FlatFacts) {
    this.#facts = facts;
    this.name = facts.name;
    this.base = facts.base;
    this.maximum = Math.max(...facts.offsets) + facts.codec.codebookSize - 1;
    this.wholeFrames = facts.perFrame.some((count) => count !== 1);
    this.isLossless = facts.repeats === null;
  }

  arrange(codes: Codes): Arranged {
    const { name, codec, perFrame, slots, offsets, repeats } = this.#facts;
    checkCodes(name, codec, codes);
    const frames = countFrames(name, perFrame, codes);
    const tokens = new Array<number>(frames * slots.length);
    for (const [place, { layer, index }] of slots.entries()) {
      const from = codes[layer] ?? [];
      const step = perFrame[layer] ?? 1;
      const offset = offsets[place] ?? 0;
      for (let frame = 0; frame < frames; frame++) {
        tokens[frame * slots.length + place] = offset + (from[frame * step + index] ?? 0);
      }
    }
    return [repeats === null ? tokens : withoutRepeats(tokens, slots.length, repeats)];
  }

  restore(arranged: Arranged): Codes {
    const { name, perFrame, slots, offsets, codec } = this.#facts;
    const tokens = this.#checked(arranged);
    const frames = tokens.length / slots.length;
    const codes = perFrame.map((count) => new Array<number>(frames * count));
    for (const [place, { layer, index }] of slots.entries()) {
      const to = codes[layer] ?? [];
      const step = perFrame[layer] ?? 1;
      const offset = offsets[place] ?? 0;
      for (let frame = 0; frame < frames; frame++) {
        const at = frame * slots.length + place;
        const code = (tokens[at] ?? NaN) - offset;
        if (!isCode(code, codec.codebookSize)) {
          throw cannotRestore(
            name,
            `token ${at + 1} is ${tokens[at]}, slot ${place + 1} of a frame has the ids ` +
              `${offset} to ${offset + codec.codebookSize - 1}`,
          );
        }
        to[frame * step + index] = code;
      }
    }
    return codes;
  }

  vocabulary(): ReturnType<Layout["vocabulary"]> {
    const { slots, offsets } = this.#facts;
    return vocabularyOf({
      ...{ name: this.name, codec: this.#facts.codec, base: this.base, maximum: this.maximum },
      ranges: slots.map(({ layer }, place) => ({
        ...{ slot: place + 1, codebook: layer + 1, first: offsets[place] ?? 0 },
      })),
    });
  }

  /** The one list of tokens, of whole frames none of which was to be left out. */
  #checked(arranged: Arranged): readonly number[] {
    const { name, slots, repeats } = this.#facts;
    const [tokens] = arranged;
    if (tokens === undefined || arranged.length !== 1) {
      throw cannotRestore(name, `it is one list, ${arranged.length} given`);
    }
    if (tokens.length === 0) throw cannotRestore(name, "there are none");
    if (tokens.length % slots.length !== 0) {
      throw cannotRestore(
        name,
        `the last frame ends after ${tokens.length % slots.length} of ${slots.length} tokens: ` +
          `there are ${tokens.length}`,
      );
    }
    if (repeats === null) return tokens;
    for (let at = slots.length; at < tokens.length; at += slots.length) {
      if (!repeats(tokens, at - slots.length, at, slots.length)) continue;
      const frame = at / slots.length;
      throw cannotRestore(
        name,
        `frame ${frame + 1} repeats frame ${frame}, and repeated frames were removed`,
      );
    }
    return tokens;
  }
}
