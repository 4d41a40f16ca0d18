/**
 * Goldens of DAC's command line: clips that were brought to a loudness and compressed in chunks.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type Codec, validLength } from "../../models/codec.ts";
import type { Golden } from "./golden.ts";
import { seededAudio } from "./seeded.ts";

/** What the reference made of one clip. */
export interface ChunkedCase {
  readonly seed: number;
  readonly samples: number;
  /** How many times as loud as the seeded audio. */
  readonly scale: number;
  /** Of so many thousands of samples, one is heard. */
  readonly pulse: number;
  /** LUFS of the clip. */
  readonly loudness: number;
  /** [layer][frame], of all chunks to their ends. */
  readonly codes: readonly (readonly number[])[];
  /** Every so many samples of the decoded clip are kept. */
  readonly step: number;
  /** Those, float32, base64. */
  readonly audio: string;
}

/** A golden of DAC. */
export interface ChunkedGolden extends Golden {
  readonly chunked: readonly ChunkedCase[];
}

/** The clip of a case. */
export function chunkedClip({ seed, samples, scale, pulse }: ChunkedCase): Float32Array {
  const factor = Math.fround(scale);
  return seededAudio(seed, samples).map((sample, i) =>
    Math.floor(i / 1000) % pulse === 0 ? sample * factor : 0
  );
}

/** Encodes and decodes a clip: not one code may differ, and no sample by 1e-4. */
export async function checkChunked(codec: Codec, test: ChunkedCase): Promise<void> {
  const codes = await codec.encode(chunkedClip(test));
  const frames = validLength(codec.spec, 0, test.samples);
  assert.deepEqual(codes, test.codes.map((row) => row.slice(0, frames)), `${test.samples} samples`);
  const pcm = await codec.decode(codes, test.samples);
  const due = new Float32Array(Uint8Array.fromBase64(test.audio).buffer);
  assert.equal(pcm.length, test.samples);
  assert.equal(due.length, Math.ceil(test.samples / test.step));
  for (const [i, value] of due.entries()) {
    const difference = Math.abs(value - (pcm[i * test.step] ?? NaN));
    assert.ok(difference < 1e-4, `sample ${i * test.step} of ${test.samples}: ${difference}`);
  }
  // The codes that were left out stand for nothing of the clip.
  const all = await codec.decode(test.codes.map((row) => [...row]), test.samples);
  const other = all.findIndex((sample, i) => Math.abs(sample - (pcm[i] ?? NaN)) > 1e-5);
  assert.equal(other, -1, `sample ${other} of ${test.samples} depends on codes that were left out`);
}
