/**
 * `encodec_interleaved`: EnCodec's two codebooks at 1.5 kbit/s as the synthetic-speech pipeline of
 * llama3-s (Ichigo) writes them: `a[0], b[0], a[1], b[1] …`.
 *
 * Token `2 * t + k` is `base + codes[k][t]`, without a range of its own for each codebook; base 0
 * unless another is chosen.
 *
 * Source: https://github.com/janhq/ichigo, the audio tokenizer of its first synthetic data pipeline,
 * whose decoder reshapes the sequence to (−1, 2).
 *
 * @module
 */
import { hasOneRate } from "./frame.ts";
import { frameInterleaved } from "./frame_interleaved.ts";
import type { Layout, LayoutCodec } from "./layout.ts";

/** Whether codes of a codec can be laid out so. */
export function fitsEncodecInterleaved(codec: LayoutCodec): boolean {
  return codec.hopLengths.length === 2 && hasOneRate(codec);
}

/** Makes the layout. */
export function encodecInterleaved(codec: LayoutCodec, base: number): Layout {
  return frameInterleaved("encodec_interleaved", codec, [1, 1], base);
}
