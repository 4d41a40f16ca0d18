/**
 * Codes of real audio only, filled up to the whole frames that a decoder takes.
 *
 * @module
 */
import type { CodecSpec, Codes } from "./codec.ts";
import { validLength } from "./codec.ts";

/** Samples in the steps of which a decoder can be fed: every layer has whole codes there. */
export function decodingUnit(spec: CodecSpec): number {
  return Math.max(spec.paddingUnit, ...spec.hopLengths);
}

/**
 * Checks the codes of a clip against each other.
 *
 * @returns The longest clip that they can stand for, in samples.
 * @throws {RangeError} If the number of layers is another, or no clip has layers of these lengths.
 */
export function samplesOf(spec: CodecSpec, codes: Codes): number {
  checkLayers(spec, codes);
  const lengths = codes.map((row, i) => row.length * (spec.hopLengths[i] ?? 0));
  const samples = Math.min(...lengths);
  codes.forEach((row, layer) => {
    if (samples > 0 && row.length === validLength(spec, layer, samples)) return;
    throw new RangeError(
      `Cannot decode layers of ${codes.map((other) => other.length).join(", ")} codes: ` +
        `no clip of '${spec.id}' has layers of such lengths`,
    );
  });
  return samples;
}

/** @throws {RangeError} If the number of layers is another than the codec's. */
export function checkLayers(spec: CodecSpec, codes: Codes): void {
  const layers = spec.hopLengths.length;
  if (codes.length === layers) return;
  throw new RangeError(
    `Cannot decode ${codes.length} layers of codes: '${spec.id}' has ${layers}`,
  );
}

/**
 * Repeats the last code of each layer until the decoder can be fed. What it makes of them lies
 * after the clip's end and is cut off.
 *
 * @param samples As `samplesOf` gave them.
 */
export function fillUp(spec: CodecSpec, codes: Codes, samples: number): Codes {
  const unit = decodingUnit(spec);
  const total = Math.max(spec.minimumSamples, Math.ceil(samples / unit) * unit);
  return codes.map((row, layer) => {
    const missing = validLength(spec, layer, total) - row.length;
    return missing > 0 ? [...row, ...new Array<number>(missing).fill(row.at(-1) ?? 0)] : row;
  });
}
