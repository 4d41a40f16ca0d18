/** Codecs and codes for the tests of layouts. */
import fc from "../../lib/npm/fast_check.ts";
import type { LayoutCodec, LayoutName } from "../../lib/layouts/layout.ts";
import type { Codes } from "../../models/codec.ts";

/** SNAC 24 kHz. */
export const SNAC: LayoutCodec = {
  ...{ id: "snac_24khz", hopLengths: [2048, 1024, 512], codebookSize: 4096 },
};
/** NVIDIA's Nano Codec of 0.6 kbit/s. */
export const NANO: LayoutCodec = {
  ...{ id: "nano", hopLengths: [1764, 1764, 1764, 1764], codebookSize: 4032 },
};
/** EnCodec 24 kHz at 1.5 kbit/s. */
export const ENCODEC: LayoutCodec = {
  ...{ id: "encodec_24khz", hopLengths: [320, 320], codebookSize: 1024 },
};

/** Counts of codes in a frame, of the codecs that a layout fits. */
const FRAMES: Readonly<Record<LayoutName, fc.Arbitrary<number[]>>> = {
  layers: fc.array(fc.constantFrom(1, 2, 3, 4), { minLength: 1, maxLength: 9 }),
  "frame_interleaved": fc.array(fc.constantFrom(1, 2, 3, 4, 8), { minLength: 1, maxLength: 6 }),
  "codebook_interleaved": fc.array(fc.constantFrom(1, 2, 3, 4, 8), { minLength: 1, maxLength: 6 }),
  delay: fc.integer({ min: 1, max: 9 }).map((layers) => new Array<number>(layers).fill(1)),
  orpheus: fc.constant([1, 2, 4]),
  kani: fc.constant([1, 1, 1, 1]),
  "encodec_interleaved": fc.constant([1, 1]),
};

/** A codec that a layout fits. */
export function codecs(name: LayoutName): fc.Arbitrary<LayoutCodec> {
  return fc.tuple(FRAMES[name], fc.constantFrom(1, 2, 7, 64, 1024, 4032)).map(
    ([counts, codebookSize]) => {
      // The first codebook is the coarsest, and its hop a multiple of every other's.
      const hopLengths = [1, ...counts.slice(1)].map((count) => 2400 / count);
      return { id: "random", hopLengths, codebookSize };
    },
  );
}

/** Codes of a codec, of 1 to 12 whole frames. */
export function codesOf(codec: LayoutCodec): fc.Arbitrary<Codes> {
  const coarsest = Math.max(...codec.hopLengths);
  return fc.integer({ min: 1, max: 12 }).chain((frames) =>
    fc.tuple(...codec.hopLengths.map((hop) => {
      const length = frames * coarsest / hop;
      const code = fc.nat({ max: codec.codebookSize - 1 });
      return fc.array(code, { minLength: length, maxLength: length });
    }))
  );
}
