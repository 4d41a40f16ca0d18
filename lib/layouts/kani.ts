/**
 * `kani`: NVIDIA's Nano Codec as KaniTTS is trained on it, four tokens a frame.
 *
 * Token `4 * t + k` is `base + k * 4032 + codes[k][t]`. The base is 64410 unless another is chosen:
 * the 64,400 ids of LFM2's tokenizer and ten special ones.
 *
 * Source: `add_codes` and `remove_consecutive_duplicates_np` in `dataset_processor.py` and
 * `audio_tokens_start` in `config/model_config.yaml` of
 * https://github.com/nineninesix-ai/KaniTTS-Finetune-pipeline (commit fa72cf4); `get_nano_codes` of
 * https://github.com/nineninesix-ai/kani-tts is the way back.
 *
 * @module
 */
import { FlatLayout } from "./flat.ts";
import { hasOneRate, slotsOf } from "./frame.ts";
import type { Layout, LayoutCodec } from "./layout.ts";
import { repeatsAll } from "./repeated_frames.ts";

/** The first audio token of KaniTTS. */
export const KANI_BASE = 64_410;
/** Ids that a codebook has. */
export const KANI_CODEBOOK = 4032;

/** Codes of each codebook in a frame. */
const PER_FRAME = [1, 1, 1, 1];

/** Whether codes of a codec can be laid out so. */
export function fitsKani(codec: LayoutCodec): boolean {
  return codec.codebookSize <= KANI_CODEBOOK && codec.hopLengths.length === PER_FRAME.length &&
    hasOneRate(codec);
}

/**
 * Makes the layout.
 *
 * @param removeRepeated Leave out each frame all of whose codes are those of the frame before.
 */
export function kani(codec: LayoutCodec, base: number, removeRepeated: boolean): Layout {
  const slots = slotsOf(PER_FRAME);
  return new FlatLayout({
    ...{ name: "kani", codec, perFrame: PER_FRAME, slots, base },
    offsets: slots.map(({ layer }) => base + layer * KANI_CODEBOOK),
    repeats: removeRepeated ? repeatsAll : null,
  });
}
