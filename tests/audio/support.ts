/** What the tests of audio share. */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeAudio } from "../../lib/audio/decode.ts";
import type { DecodeOptions } from "../../lib/audio/clip.ts";
import { type FailureReason, SampleError } from "../../lib/errors.ts";

/** A file of `tests/data/formats/`. */
export function formatFile(name: string): string {
  return fileURLToPath(new URL(`../data/formats/${name}`, import.meta.url));
}

/** A file of `tests/data/bad/`. */
export function badFile(name: string): string {
  return fileURLToPath(new URL(`../data/bad/${name}`, import.meta.url));
}

/** A file of `tests/fixtures/audio/`. */
export function madeFile(name: string): string {
  return fileURLToPath(new URL(`../fixtures/audio/${name}`, import.meta.url));
}

/** A clip of `examples/speech/`. */
export function speechFile(name: string): string {
  return fileURLToPath(new URL(`../../examples/speech/${name}`, import.meta.url));
}

/** A folder that is gone when the test is over. */
export class TemporaryFolder implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "speechmill audio " });

  /** Writes a file into it, and gives its path. */
  write(name: string, bytes: Uint8Array): string {
    const path = join(this.path, name);
    Deno.writeFileSync(path, bytes);
    return path;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** What a file fails with. Fails itself if the file decodes. */
export function failureOf(path: string, options: DecodeOptions = {}): SampleError {
  try {
    decodeAudio(path, options);
  } catch (error) {
    assert(error instanceof SampleError, `a SampleError, not ${error}`);
    assert(error.message.startsWith(`Cannot decode '${path}': `), error.message);
    return error;
  }
  throw new assert.AssertionError({ message: `'${path}' decodes` });
}

/** Checks that a file fails, why, and in which words. */
export function assertFails(
  path: string,
  reason: FailureReason,
  words: RegExp,
  options: DecodeOptions = {},
): void {
  const error = failureOf(path, options);
  assert.equal(error.reason, reason, error.message);
  assert.match(error.message, words);
}

/** The largest difference of two signals of one length. */
export function largestDifference(a: Float32Array, b: Float32Array): number {
  assert.equal(a.length, b.length);
  return a.reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] ?? NaN))), 0);
}

/** A sine of amplitude 0.5. */
export function tone(hertz: number, sampleRate: number, length: number): Float32Array<ArrayBuffer> {
  const step = 2 * Math.PI * hertz / sampleRate;
  return Float32Array.from({ length }, (_, index) => 0.5 * Math.sin(step * index + 0.3));
}
