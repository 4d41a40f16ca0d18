/**
 * Weights and audio from a seed: the same bits here and in `tests/golden/seeded.py`, which the
 * reference implementations were run with.
 *
 * @module
 */
import type { Checkpoint, PlainValue, TensorFacts } from "../../lib/checkpoints/checkpoint.ts";
import { sizeOf } from "../../models/graph/weight.ts";

/** Which values the tensors have whose names match: the first rule that does. */
export type SeedRule =
  | { readonly match: string; readonly low: number; readonly high: number }
  | { readonly match: string; readonly gain: number };

/** FNV-1a, 32 bits. */
function startOf(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    value = Math.imul(value ^ byte, 0x01000193);
  }
  return value >>> 0;
}

/** Numbers in [0, 1): murmur3's finaliser over a counter. */
function uniform(name: string, seed: number): (index: number) => number {
  const start = startOf(`${seed}:${name}`);
  return (index) => {
    let x = (Math.imul(index, 0x9e3779b9) + start) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return ((x ^ (x >>> 16)) >>> 0) / 4294967296;
  };
}

/** The values of one tensor. */
export function seededTensor(
  { name, shape }: Pick<TensorFacts, "name" | "shape">,
  rules: readonly SeedRule[],
  seed: number,
): Float32Array<ArrayBuffer> {
  const rule = rules.find(({ match }) => new RegExp(match).test(name));
  if (rule === undefined) throw new TypeError(`Cannot seed tensor '${name}': no rule matches`);
  const next = uniform(name, seed);
  const values = new Float32Array(sizeOf(shape));
  if ("gain" in rule) {
    const reach = rule.gain * Math.sqrt(3 / Math.max(1, sizeOf(shape.slice(1))));
    for (let i = 0; i < values.length; i++) values[i] = (2 * next(i) - 1) * reach;
  } else {
    const width = rule.high - rule.low;
    for (let i = 0; i < values.length; i++) values[i] = rule.low + width * next(i);
  }
  return values;
}

/** Two triangle waves, one of them rising in pitch, and noise that comes and goes. */
export function seededAudio(seed: number, samples: number): Float32Array<ArrayBuffer> {
  const next = uniform("audio", seed);
  return Float32Array.from({ length: samples }, (_, i) => {
    const noise = (2 * next(i) - 1) * Math.abs(triangle(i / 9973));
    const tones = 0.25 * triangle(i / (53 + seed)) +
      0.25 * triangle(i * (1 + i / 65536) / 211);
    return tones + 0.25 * noise;
  });
}

function triangle(x: number): number {
  return 4 * Math.abs(x - Math.floor(x) - 0.5) - 1;
}

/** A checkpoint whose tensors are made from a seed. */
export class SeededCheckpoint implements Checkpoint {
  readonly path = "seeded";
  readonly tensors: ReadonlyMap<string, TensorFacts>;
  readonly metadata: { readonly [key: string]: PlainValue };
  readonly #rules: readonly SeedRule[];
  readonly #seed: number;

  constructor(options: {
    readonly tensors: readonly TensorFacts[];
    readonly rules: readonly SeedRule[];
    readonly seed: number;
    readonly metadata?: { readonly [key: string]: PlainValue };
  }) {
    this.tensors = new Map(options.tensors.map((facts) => [facts.name, facts]));
    this.metadata = options.metadata ?? {};
    this.#rules = options.rules;
    this.#seed = options.seed;
  }

  readFloat32(name: string): Promise<Float32Array<ArrayBuffer>> {
    const facts = this.tensors.get(name);
    if (facts === undefined) throw new TypeError(`Cannot seed tensor '${name}': it is not listed`);
    return Promise.resolve(seededTensor(facts, this.#rules, this.#seed));
  }

  [Symbol.dispose](): void {}
}
