/**
 * Checks of codes and tokens that every layout makes; messages say where.
 *
 * @module
 */
import type { Codes } from "../../models/codec.ts";
import type { LayoutCodec, LayoutName } from "./layout.ts";

/** The largest token that a list can hold. */
export const LARGEST_TOKEN = 2 ** 31 - 1;

/** @throws {RangeError} If codes are not of this codec. */
export function checkCodes(name: LayoutName, codec: LayoutCodec, codes: Codes): void {
  const layers = codec.hopLengths.length;
  if (codes.length !== layers) {
    throw cannotArrange(name, `there are ${codes.length} layers, '${codec.id}' has ${layers}`);
  }
  for (const [i, layer] of codes.entries()) {
    const bad = layer.findIndex((code) => !isCode(code, codec.codebookSize));
    if (bad !== -1) {
      throw cannotArrange(
        name,
        `code ${bad + 1} of layer ${i + 1} is ${layer[bad]}, ` +
          `the codebook has ${codec.codebookSize} entries`,
      );
    }
  }
}

/**
 * The number of frames in codes.
 *
 * @param perFrame Codes of each layer in a frame.
 * @throws {RangeError} If there is none, or a layer ends within a frame.
 */
export function countFrames(name: LayoutName, perFrame: readonly number[], codes: Codes): number {
  const frames = Math.max(
    ...codes.map((layer, i) => Math.ceil(layer.length / (perFrame[i] ?? 1))),
  );
  if (frames === 0) throw cannotArrange(name, "there is not one frame of them");
  for (const [i, layer] of codes.entries()) {
    const due = frames * (perFrame[i] ?? 1);
    if (layer.length === due) continue;
    throw cannotArrange(
      name,
      `layer ${i + 1} ends within a frame: it has ${layer.length} codes where whole frames have ` +
        `${due}`,
    );
  }
  return frames;
}

/** Whether this is one of a codebook's codes. */
export function isCode(code: unknown, codebookSize: number): boolean {
  return typeof code === "number" && Number.isInteger(code) && code >= 0 && code < codebookSize;
}

/** Codes cannot be laid out. */
export function cannotArrange(name: LayoutName, why: string): RangeError {
  return new RangeError(`Cannot lay out the codes as '${name}': ${why}`);
}

/** Tokens are none of this layout. */
export function cannotRestore(name: LayoutName, why: string): RangeError {
  return new RangeError(`Cannot read the tokens as '${name}': ${why}`);
}
