/**
 * What ten seconds of speech become.
 *
 * @module
 */
import type { TokenShape } from "./token_stage.ts";

/** Four layers at 50 Hz. */
export const BUNDLED: TokenShape = {
  ...{ lengths: [500, 500, 500, 500], entries: 1024 },
  ...{ samples: 160_000, sampleRate: 16_000 },
};

/** `snac_24khz`: layers at 12, 23 and 47 Hz. */
export const SNAC: TokenShape = {
  ...{ lengths: [118, 236, 472], entries: 4096 },
  ...{ samples: 241_664, sampleRate: 24_000 },
};

/** `nemo-nano-codec-22khz-0.6kbps-12.5fps`: four layers at 12.5 Hz. */
export const NANO: TokenShape = {
  ...{ lengths: [125, 125, 125, 125], entries: 4032 },
  ...{ samples: 220_500, sampleRate: 22_050 },
};
