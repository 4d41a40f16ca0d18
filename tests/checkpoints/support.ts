/** What the tests of checkpoints share. */
import assert from "node:assert/strict";
import { type ByteSource, rangeOf } from "../../lib/checkpoints/byte_source.ts";
import type { Checkpoint } from "../../lib/checkpoints/checkpoint.ts";
import { readCheckpoint } from "../../lib/checkpoints/open.ts";
import { SpeechmillError } from "../../lib/errors.ts";

const FOLDER = new URL("../data/checkpoints/formats/", import.meta.url);

/** The path of a checkpoint made by torch. */
export function checkpointFile(name: string): string {
  return new URL(name, FOLDER).pathname;
}

export async function checkpointBytes(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return await Deno.readFile(checkpointFile(name));
}

/** Bytes in memory as a source. */
export function memorySource(bytes: Uint8Array<ArrayBuffer>): ByteSource {
  const whole: ByteSource = {
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.slice(offset, offset + length)),
  };
  return rangeOf(whole, 0, bytes.length);
}

/** What has nothing to close. */
export const NOTHING_OPEN: Disposable = { [Symbol.dispose]() {} };

/** Reads a checkpoint in memory. */
export async function openBytes(bytes: Uint8Array<ArrayBuffer>): Promise<Checkpoint> {
  return await readCheckpoint(memorySource(bytes), "x.pt", NOTHING_OPEN);
}

/** All values of a checkpoint, by name. */
export async function readAll(checkpoint: Checkpoint): Promise<Map<string, number[]>> {
  const values = new Map<string, number[]>();
  for (const name of checkpoint.tensors.keys()) {
    values.set(name, [...await checkpoint.readFloat32(name)]);
  }
  return values;
}

/** All values of a checkpoint in memory; null if it was refused with an error for users. */
export async function valuesOrRefused(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Map<string, number[]> | null> {
  try {
    using checkpoint = await openBytes(bytes);
    return await readAll(checkpoint);
  } catch (error) {
    assert.ok(error instanceof SpeechmillError, String(error));
    return null;
  }
}
