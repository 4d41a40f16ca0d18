/**
 * `frame_interleaved`: frame by frame, within a frame codebook by codebook, ids as they are.
 *
 * With *K* codebooks of one rate, token `t * K + k` is `base + codes[k][t]`; base 0 unless another
 * is chosen. For codebooks of several rates the order within a frame is that of `frame.ts`.
 *
 * @module
 */
import { FlatLayout } from "./flat.ts";
import { slotsOf } from "./frame.ts";
import type { Layout, LayoutCodec, LayoutName } from "./layout.ts";

/**
 * Makes the layout.
 *
 * @param perFrame Codes of each layer in a frame.
 */
export function frameInterleaved(
  name: LayoutName,
  codec: LayoutCodec,
  perFrame: readonly number[],
  base: number,
): Layout {
  const slots = slotsOf(perFrame);
  return new FlatLayout({
    ...{ name, codec, perFrame, slots, base },
    offsets: slots.map(() => base),
    repeats: null,
  });
}
