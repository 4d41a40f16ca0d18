/**
 * `orpheus`: SNAC 24 kHz as Orpheus-TTS is trained on it, seven tokens a coarse frame.
 *
 * Frame *i* is `a[i], b[2i], c[4i], c[4i+1], b[2i+1], c[4i+2], c[4i+3]` of the codebooks a, b and c
 * (rates 1 : 2 : 4); slot *s* (from 0) adds `base + s * 4096`. The base is 128266 unless another is
 * chosen: the 128,256 ids of Llama 3's tokenizer and ten special ones.
 *
 * Source: `tokenise_audio` and `remove_duplicate_frames` of the data preparation notebook of
 * https://github.com/canopyai/Orpheus-TTS; `turn_token_into_id` and `convert_to_audio` of its
 * `orpheus_tts/decoder.py` are the way back.
 *
 * @module
 */
import { FlatLayout } from "./flat.ts";
import { slotsOf } from "./frame.ts";
import type { Layout, LayoutCodec } from "./layout.ts";
import { repeatsFirst } from "./repeated_frames.ts";

/** The first audio token of Orpheus. */
export const ORPHEUS_BASE = 128_266;
/** Ids that a slot has. */
export const ORPHEUS_CODEBOOK = 4096;

/** Codes of each codebook in a frame. */
const PER_FRAME = [1, 2, 4];

/** Whether codes of a codec can be laid out so. */
export function fitsOrpheus({ hopLengths, codebookSize }: LayoutCodec): boolean {
  const [coarsest = 0] = hopLengths;
  return codebookSize <= ORPHEUS_CODEBOOK && hopLengths.length === PER_FRAME.length &&
    hopLengths.every((hop, i) => hop * (PER_FRAME[i] ?? 0) === coarsest);
}

/**
 * Makes the layout.
 *
 * @param removeRepeated Leave out each frame whose first code is that of the last frame kept.
 */
export function orpheus(codec: LayoutCodec, base: number, removeRepeated: boolean): Layout {
  const slots = slotsOf(PER_FRAME);
  return new FlatLayout({
    ...{ name: "orpheus", codec, perFrame: PER_FRAME, slots, base },
    offsets: slots.map((_, place) => base + place * ORPHEUS_CODEBOOK),
    repeats: removeRepeated ? repeatsFirst : null,
  });
}
