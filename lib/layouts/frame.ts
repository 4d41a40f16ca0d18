/**
 * In which order the codes of one frame stand in a flat sequence.
 *
 * A frame is as long as one code of the coarsest codebook, and holds every code that begins in it:
 * `hop of the coarsest / hop` codes of each codebook. They stand in the order of the time that they
 * begin at; those that begin together, coarse to fine. So a frame of a codec whose codebooks have
 * one rate is its codes from the first codebook to the last, and one of SNAC 24 kHz (4 : 2 : 1) is
 * `a[i], b[2i], c[4i], c[4i+1], b[2i+1], c[4i+2], c[4i+3]`.
 *
 * @module
 */
import type { LayoutCodec } from "./layout.ts";

/** One place in a frame. */
export interface Slot {
  /** The codebook whose code stands there, from 0. */
  readonly layer: number;
  /** Which of the codebook's codes in this frame. */
  readonly index: number;
}

/** Codes of each layer in a frame, or null where hop lengths do not divide the coarsest one. */
export function codesPerFrame({ hopLengths }: Pick<LayoutCodec, "hopLengths">): number[] | null {
  const coarsest = Math.max(...hopLengths);
  const counts = hopLengths.map((hop) => coarsest / hop);
  return counts.every(Number.isInteger) ? counts : null;
}

/** Whether every codebook gives as many codes a second. */
export function hasOneRate({ hopLengths }: Pick<LayoutCodec, "hopLengths">): boolean {
  return hopLengths.every((hop) => hop === hopLengths[0]);
}

/**
 * The slots of a frame in their order.
 *
 * @param perFrame Codes of each layer in a frame, as `codesPerFrame` counts them.
 */
export function slotsOf(perFrame: readonly number[]): Slot[] {
  const slots = perFrame.flatMap((count, layer) =>
    Array.from({ length: count }, (_, index) => ({ layer, index, start: index / count }))
  );
  return slots.sort((a, b) => a.start - b.start || a.layer - b.layer)
    .map(({ layer, index }) => ({ layer, index }));
}
