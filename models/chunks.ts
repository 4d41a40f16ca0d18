/**
 * Which stretches of a clip a codec of chunks encodes, and which codes of them are kept.
 *
 * Each chunk but the last keeps all of its codes. Of the last one, which ends in zeros, those are
 * kept that a sample of the clip is decoded from.
 *
 * @module
 */
import type { Chunking } from "./codec.ts";

/** Samples that decoding gives less than codes × hop: what convolutions without padding lose. */
export function lostSamples({ frames, step }: Chunking, hop: number): number {
  return frames * hop - step;
}

/** How many chunks a clip is cut into. */
export function chunkCount({ step }: Chunking, numSamples: number): number {
  return Math.ceil(numSamples / step);
}

/** Codes of each layer of a clip that is longer than `wholeSamples`. */
export function framesOfChunks(chunking: Chunking, hop: number, numSamples: number): number {
  const { frames, step, reach } = chunking;
  const before = chunkCount(chunking, numSamples) - 1;
  const rest = numSamples - before * step;
  return before * frames + Math.min(frames, Math.ceil((rest + reach) / hop));
}

/**
 * Samples that so many codes of a layer are decoded to.
 *
 * @throws {RangeError} If the last chunk has too few codes for one sample.
 */
export function samplesOfChunks(chunking: Chunking, hop: number, frames: number): number {
  const before = Math.ceil(frames / chunking.frames) - 1;
  const last = frames - before * chunking.frames;
  const rest = last === chunking.frames
    ? chunking.step
    : Math.min(chunking.step, last * hop - chunking.reach);
  if (rest > 0) return before * chunking.step + rest;
  throw new RangeError(
    `Cannot decode ${frames} codes a layer: in chunks of ${chunking.frames}, the last one has ` +
      `${last}, too few for one sample`,
  );
}

/** One chunk of a clip, with zeros where it reaches beyond the clip. */
export function chunkOf(
  { samples, lead, step }: Chunking,
  pcm: Float32Array,
  index: number,
): Float32Array<ArrayBuffer> {
  const chunk = new Float32Array(samples);
  const start = index * step - lead;
  const from = Math.max(0, start);
  chunk.set(pcm.subarray(from, Math.max(from, start + samples)), from - start);
  return chunk;
}
