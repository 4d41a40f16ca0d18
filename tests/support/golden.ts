/**
 * Goldens: what a reference implementation made of seeded weights and audio. `tests/golden/` has
 * the scripts that wrote them.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { PlainValue, TensorFacts } from "../../lib/checkpoints/checkpoint.ts";
import type { OpenedModel } from "../../models/checkpoint_family.ts";
import type { Codec } from "../../models/codec.ts";
import { seededAudio, SeededCheckpoint, type SeedRule } from "./seeded.ts";

/** What the reference made of audio. */
export interface EncodeCase {
  /** Item i of the batch is `seededAudio(seed + i, samples)`. */
  readonly seed: number;
  readonly samples: number;
  readonly codebooks: number;
  /** [batch][layer][frame] */
  readonly codes: readonly (readonly (readonly number[])[])[];
}

/** What the reference made of codes. */
export interface DecodeCase {
  /** [layer][frame] */
  readonly codes: readonly (readonly number[])[];
  /** Samples of the whole. */
  readonly samples: number;
  /** Every so many samples are kept. */
  readonly step: number;
  /** Those, float32, base64. */
  readonly audio: string;
}

/** A model from a seed, and what its reference made of its inputs. */
export interface Golden {
  readonly config: { readonly [key: string]: PlainValue } | null;
  readonly rules: readonly SeedRule[];
  readonly seed: number;
  readonly tensors: readonly TensorFacts[];
  readonly encode: readonly EncodeCase[];
  readonly decode: readonly DecodeCase[];
}

/** Reads a golden of `tests/golden`: `encodec/narrow`. */
export async function readGolden(name: string): Promise<Golden> {
  const url = new URL(`../golden/${name}.json`, import.meta.url);
  return JSON.parse(await Deno.readTextFile(url));
}

/** The model of a golden, as if it had been read from files. */
export function goldenModel(
  id: string,
  golden: Pick<Golden, "config" | "rules" | "seed" | "tensors">,
): OpenedModel {
  const configPath = golden.config === null ? "seeded" : "seeded/config.json";
  return { id, config: golden.config, configPath, checkpoint: new SeededCheckpoint(golden) };
}

/** Encodes the clips of a case alone and together: not one code may differ. */
export async function checkEncoding(
  codec: Codec,
  { seed, samples, codes }: EncodeCase,
): Promise<void> {
  const clips = codes.map((_, item) => seededAudio(seed + item, samples));
  for (const [item, clip] of clips.entries()) {
    assert.deepEqual(await codec.encode(clip), codes[item], `${samples} samples, clip ${item}`);
  }
  const padded = samples % codec.spec.paddingUnit === 0 && samples >= codec.spec.minimumSamples;
  if (clips.length === 1 || !padded) return;
  assert.deepEqual(await codec.encodeBatch(clips), codes, `${clips.length} × ${samples} samples`);
}

/** Decodes the codes of a case; returns the largest difference, of a full scale of 1. */
export async function decodingDifference(codec: Codec, golden: DecodeCase): Promise<number> {
  const pcm = await codec.decode(golden.codes.map((row) => [...row]));
  assert.equal(pcm.length, golden.samples);
  const bytes = Uint8Array.from(atob(golden.audio), (character) => character.charCodeAt(0));
  const due = new Float32Array(bytes.buffer);
  assert.equal(due.length, Math.ceil(golden.samples / golden.step));
  return due.reduce(
    (largest, value, i) => Math.max(largest, Math.abs(value - (pcm[i * golden.step] ?? NaN))),
    0,
  );
}
