/**
 * `delay`: a list for each codebook, each one step later than the one before.
 *
 * Of *K* codebooks and *T* frames, each list has `T + K - 1` tokens: token *t* of list *k* (from 0)
 * is `base + codes[k][t - k]`, and where there is no such code, `base + codebook size`, the special
 * token. For *K* = 3, *T* = 4 and a codebook of 1024 entries, with letters for codes:
 *
 * ```text
 *    a1   a2   a3   a4 1024 1024
 *  1024   b1   b2   b3   b4 1024
 *  1024 1024   c1   c2   c3   c4
 * ```
 *
 * Source: the delay interleaving of Copet et al., "Simple and Controllable Music Generation"
 * (2023), section 2.2; `DelayedPatternProvider` in audiocraft, whose special token has the id of
 * the codebook's size as well. The step of nothing but special tokens that starts its sequence
 * is the trainer's to add. Parler-TTS fills the holes before the codes with an id of its own
 * (`codebook size + 1`).
 *
 * @module
 */
import type { Codes } from "../../models/codec.ts";
import { cannotRestore, checkCodes, countFrames, isCode } from "./code_check.ts";
import type { Arranged, Layout, LayoutCodec } from "./layout.ts";
import { vocabularyOf } from "./vocabulary.ts";

/** Lists of codes, each shifted by its number. */
export class DelayLayout implements Layout {
  readonly name = "delay";
  readonly isFlat = false;
  readonly columns: number;
  readonly base: number;
  /** The special token. */
  readonly maximum: number;
  readonly wholeFrames = false;
  readonly isLossless = true;
  readonly #codec: LayoutCodec;

  constructor(codec: LayoutCodec, base: number) {
    this.#codec = codec;
    this.columns = codec.hopLengths.length;
    this.base = base;
    this.maximum = base + codec.codebookSize;
  }

  arrange(codes: Codes): Arranged {
    checkCodes(this.name, this.#codec, codes);
    const frames = countFrames(this.name, new Array<number>(this.columns).fill(1), codes);
    return codes.map((layer, k) => {
      const list = new Array<number>(frames + this.columns - 1).fill(this.maximum);
      for (let t = 0; t < frames; t++) list[t + k] = this.base + (layer[t] ?? 0);
      return list;
    });
  }

  restore(arranged: Arranged): Codes {
    const length = this.#lengthOf(arranged);
    return arranged.map((list, k) => {
      const end = k + length - this.columns + 1;
      const hole = list.findIndex((token, t) => (t < k || t >= end) && token !== this.maximum);
      if (hole !== -1) {
        throw this.#wrong(list, k, hole, `the special token ${this.maximum} belongs there`);
      }
      const codes = list.slice(k, end).map((token) => token - this.base);
      const bad = codes.findIndex((code) => !isCode(code, this.#codec.codebookSize));
      if (bad === -1) return codes;
      throw this.#wrong(list, k, k + bad, `codes are ${this.base} to ${this.maximum - 1}`);
    });
  }

  vocabulary(): ReturnType<Layout["vocabulary"]> {
    return vocabularyOf({
      ...{ name: this.name, codec: this.#codec, base: this.base, maximum: this.maximum },
      ranges: this.#codec.hopLengths.map((_, i) => ({
        ...{ column: i + 1, codebook: i + 1, first: this.base },
      })),
      specials: [{
        id: this.maximum,
        name: "delay",
        meaning: "no code of this codebook: before its first frame or after its last",
      }],
    });
  }

  #lengthOf(arranged: Arranged): number {
    if (arranged.length !== this.columns) {
      throw cannotRestore(
        this.name,
        `it has ${this.columns} lists, ${arranged.length} given`,
      );
    }
    const [first = []] = arranged;
    const other = arranged.findIndex((list) => list.length !== first.length);
    if (other !== -1) {
      throw cannotRestore(
        this.name,
        `list ${other + 1} has ${arranged[other]?.length} tokens, list 1 has ${first.length}`,
      );
    }
    if (first.length < this.columns) {
      throw cannotRestore(
        this.name,
        `the lists have ${first.length} tokens, one frame takes ${this.columns}`,
      );
    }
    return first.length;
  }

  #wrong(list: readonly number[], k: number, at: number, due: string): RangeError {
    return cannotRestore(this.name, `token ${at + 1} of list ${k + 1} is ${list[at]}, ${due}`);
  }
}
