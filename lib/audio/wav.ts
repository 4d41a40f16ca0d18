/**
 * Writing WAV files.
 *
 * @module
 */

/** Bytes before the samples. */
const HEADER_LENGTH = 44;

/**
 * Makes a WAV file of mono PCM: 16 bits, little-endian.
 *
 * A sample is rounded to the nearest of 65,536 steps, ties away from zero, and what lies outside
 * −1 to 1 − 2⁻¹⁵ is clipped. Decoding the file gives every sample back to within half a step.
 *
 * @param pcm Mono, float32, full scale 1.
 * @param sampleRate In Hz, a whole number.
 * @returns The bytes of the file.
 * @throws {RangeError} If a sample is not finite, or the file would not fit in 4 GiB.
 *
 * @example
 * ```ts
 * import { strict as assert } from "node:assert";
 *
 * const bytes = encodeWav(Float32Array.of(0, 0.5, -0.5), 24000);
 * assert.equal(bytes.length, 44 + 3 * 2);
 * ```
 */
export function encodeWav(
  pcm: Float32Array,
  sampleRate: number,
): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(sampleRate) || sampleRate <= 0) {
    throw new RangeError(
      `Cannot write a WAV file: the sample rate ${sampleRate} Hz is not a positive whole number`,
    );
  }
  const dataSize = pcm.length * 2;
  if (dataSize + HEADER_LENGTH > 0xffffffff) {
    throw new RangeError(
      `Cannot write a WAV file: ${pcm.length} samples do not fit in 4 GiB`,
    );
  }
  const bytes = new Uint8Array(HEADER_LENGTH + dataSize);
  writeHeader(new DataView(bytes.buffer), sampleRate, dataSize);
  const samples = new Int16Array(bytes.buffer, HEADER_LENGTH);
  pcm.forEach((value, index) => samples[index] = toInt16(value, index));
  return bytes;
}

function toInt16(value: number, index: number): number {
  if (!Number.isFinite(value)) {
    throw new RangeError(
      `Cannot write a WAV file: sample ${index} is ${value}`,
    );
  }
  const rounded = Math.sign(value) * Math.round(Math.abs(value) * 32768);
  return Math.max(-32768, Math.min(32767, rounded));
}

function writeHeader(
  view: DataView,
  sampleRate: number,
  dataSize: number,
): void {
  const text = (offset: number, characters: string) =>
    [...characters].forEach((character, index) =>
      view.setUint8(offset + index, character.charCodeAt(0))
    );
  text(0, "RIFF");
  view.setUint32(4, HEADER_LENGTH - 8 + dataSize, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, dataSize, true);
}
