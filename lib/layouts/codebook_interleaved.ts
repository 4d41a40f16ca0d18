/**
 * `codebook_interleaved`: as `frame_interleaved`, with a range of ids for each codebook.
 *
 * The token of a code of codebook *k* (from 0) is `base + k * codebook size + code`; base 0 unless
 * another is chosen.
 *
 * @module
 */
import { FlatLayout } from "./flat.ts";
import { slotsOf } from "./frame.ts";
import type { Layout, LayoutCodec } from "./layout.ts";

/**
 * Makes the layout.
 *
 * @param perFrame Codes of each layer in a frame.
 */
export function codebookInterleaved(
  codec: LayoutCodec,
  perFrame: readonly number[],
  base: number,
): Layout {
  const slots = slotsOf(perFrame);
  return new FlatLayout({
    ...{ name: "codebook_interleaved", codec, perFrame, slots, base },
    offsets: slots.map(({ layer }) => base + layer * codec.codebookSize),
    repeats: null,
  });
}
