/**
 * `layers`: a list for each codebook, one code after the other.
 *
 * Token *t* of list *k* is `base + codes[k][t]`; base 0 unless another is chosen.
 *
 * @module
 */
import type { Codes } from "../../models/codec.ts";
import { cannotRestore, checkCodes, isCode } from "./code_check.ts";
import type { Arranged, Layout, LayoutCodec } from "./layout.ts";
import { vocabularyOf } from "./vocabulary.ts";

/** Lists of codes as the codec gives them. */
export class LayersLayout implements Layout {
  readonly name = "layers";
  readonly isFlat = false;
  readonly columns: number;
  readonly base: number;
  readonly maximum: number;
  readonly wholeFrames = false;
  readonly isLossless = true;
  readonly #codec: LayoutCodec;

  constructor(codec: LayoutCodec, base: number) {
    this.#codec = codec;
    this.columns = codec.hopLengths.length;
    this.base = base;
    this.maximum = base + codec.codebookSize - 1;
  }

  arrange(codes: Codes): Arranged {
    checkCodes(this.name, this.#codec, codes);
    return this.base === 0 ? codes : codes.map((layer) => layer.map((code) => this.base + code));
  }

  restore(arranged: Arranged): Codes {
    const { codebookSize } = this.#codec;
    if (arranged.length !== this.columns) {
      throw cannotRestore(
        this.name,
        `it has ${this.columns} lists, ${arranged.length} given`,
      );
    }
    return arranged.map((list, i) => {
      const codes = list.map((token) => token - this.base);
      const bad = codes.findIndex((code) => !isCode(code, codebookSize));
      if (bad === -1) return codes;
      throw cannotRestore(
        this.name,
        `token ${bad + 1} of list ${i + 1} is ${list[bad]}, the ids are ` +
          `${this.base} to ${this.maximum}`,
      );
    });
  }

  vocabulary(): ReturnType<Layout["vocabulary"]> {
    return vocabularyOf({
      ...{ name: this.name, codec: this.#codec, base: this.base, maximum: this.maximum },
      ranges: this.#codec.hopLengths.map((_, i) => ({
        ...{ column: i + 1, codebook: i + 1, first: this.base },
      })),
    });
  }
}
