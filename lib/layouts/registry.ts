/**
 * Every layout by its name, and which codecs it fits.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import { codebookInterleaved } from "./codebook_interleaved.ts";
import { LARGEST_TOKEN } from "./code_check.ts";
import { DelayLayout } from "./delay.ts";
import { encodecInterleaved, fitsEncodecInterleaved } from "./encodec_interleaved.ts";
import { codesPerFrame, hasOneRate } from "./frame.ts";
import { frameInterleaved } from "./frame_interleaved.ts";
import { fitsKani, kani, KANI_BASE, KANI_CODEBOOK } from "./kani.ts";
import { LayersLayout } from "./layers.ts";
import {
  type Layout,
  type LayoutCodec,
  type LayoutName,
  type LayoutOptions,
  LAYOUTS,
} from "./layout.ts";
import { fitsOrpheus, orpheus, ORPHEUS_BASE, ORPHEUS_CODEBOOK } from "./orpheus.ts";

/** One layout, before a codec is known. */
interface LayoutKind {
  /** What a codec must be, for a message. */
  readonly needs: string;
  readonly base: number;
  /** Whether it tells which frames repeat others. */
  readonly removesFrames: boolean;
  fits(codec: LayoutCodec): boolean;
  make(codec: LayoutCodec, base: number, removeRepeated: boolean): Layout;
}

const FRAMED = {
  needs: "codebooks whose codes each begin and end within one code of the coarsest",
  base: 0,
  removesFrames: false,
  fits: (codec: LayoutCodec): boolean => codesPerFrame(codec) !== null,
};

const KINDS: Readonly<Record<LayoutName, LayoutKind>> = {
  layers: {
    ...{ needs: "any codec", base: 0, removesFrames: false },
    fits: () => true,
    make: (codec, base) => new LayersLayout(codec, base),
  },
  "frame_interleaved": {
    ...FRAMED,
    make: (codec, base) =>
      frameInterleaved("frame_interleaved", codec, codesPerFrame(codec) ?? [], base),
  },
  "codebook_interleaved": {
    ...FRAMED,
    make: (codec, base) => codebookInterleaved(codec, codesPerFrame(codec) ?? [], base),
  },
  delay: {
    ...{ needs: "codebooks of one rate", base: 0, removesFrames: false },
    fits: hasOneRate,
    make: (codec, base) => new DelayLayout(codec, base),
  },
  orpheus: {
    needs: "three codebooks of rates 1 : 2 : 4 and " +
      `at most ${ORPHEUS_CODEBOOK} entries, such as SNAC 24 kHz`,
    ...{ base: ORPHEUS_BASE, removesFrames: true, fits: fitsOrpheus, make: orpheus },
  },
  kani: {
    needs: "four codebooks of one rate and " +
      `at most ${KANI_CODEBOOK} entries, such as the Nano Codec of 0.6 kbit/s`,
    ...{ base: KANI_BASE, removesFrames: true, fits: fitsKani, make: kani },
  },
  "encodec_interleaved": {
    needs: "two codebooks of one rate, such as EnCodec 24 kHz at 1.5 kbit/s",
    ...{ base: 0, removesFrames: false },
    fits: fitsEncodecInterleaved,
    make: encodecInterleaved,
  },
};

/** The layouts that codes of a codec can be written in. */
export function layoutsOf(codec: LayoutCodec): LayoutName[] {
  return LAYOUTS.filter((name) => KINDS[name].fits(codec));
}

/**
 * Makes a layout for a codec.
 *
 * @throws {UsageError} If it does not fit the codec, removes no frames and was asked to, or its
 * tokens would be no ids.
 */
export function makeLayout(
  name: LayoutName,
  codec: LayoutCodec,
  { base, removeRepeatedFrames = false }: LayoutOptions = {},
): Layout {
  const kind = KINDS[name];
  if (!kind.fits(codec)) {
    throw new UsageError(
      `Cannot write codes of '${codec.id}' in the layout '${name}': it takes ${kind.needs}, and ` +
        `this codec has ${describe(codec)}: what fits it: ${layoutsOf(codec).join(", ")}`,
    );
  }
  if (removeRepeatedFrames && !kind.removesFrames) {
    const able = LAYOUTS.filter((other) => KINDS[other].removesFrames);
    throw new UsageError(
      `Cannot remove repeated frames in the layout '${name}': only ${able.join(" and ")} do: ` +
        "leave out 'remove_repeated_frames'",
    );
  }
  const first = base ?? kind.base;
  const layout = Number.isInteger(first) && first >= 0
    ? kind.make(codec, first, removeRepeatedFrames)
    : null;
  if (layout !== null && layout.maximum <= LARGEST_TOKEN) return layout;
  throw new UsageError(
    `Cannot begin the tokens of the layout '${name}' at ${base}: ids are whole numbers from 0 ` +
      `to ${LARGEST_TOKEN}`,
  );
}

function describe({ hopLengths, codebookSize }: LayoutCodec): string {
  const fastest = Math.max(...hopLengths);
  const rates = hopLengths.map((hop) => Number((fastest / hop).toFixed(2)));
  const count = `${hopLengths.length} of ${codebookSize} entries`;
  return hasOneRate({ hopLengths })
    ? `${count} and one rate`
    : `${count}, rates ${rates.join(" : ")}`;
}
