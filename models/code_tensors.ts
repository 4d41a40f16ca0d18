/**
 * Codes as the graphs of a codec take and give them: one tensor of all layers, or one a layer.
 *
 * @module
 */
import type { CodecSpec, Codes } from "./codec.ts";
import { validLength } from "./codec.ts";
import type { CodecLayout } from "./layout.ts";
import type { TensorValue } from "./onnx_session.ts";
import type { TensorContract } from "./session_contract.ts";
import { packLayers, packRow, unpackLayers } from "./tensors.ts";

/** What a graph's tensors of codes must look like. */
export function codeContracts(spec: CodecSpec, { codes }: CodecLayout): TensorContract[] {
  return typeof codes === "string"
    ? [{ name: codes, type: "int64", shape: ["batch", spec.hopLengths.length, "frames"] }]
    : codes.map((name, i) => ({ name, type: "int64", shape: ["batch", `frames_${i + 1}`] }));
}

/**
 * Reads the codes of clips of one length.
 *
 * @param samples Length of each padded clip.
 * @throws {SampleError} `bad_output`, if a shape or a code is not what the codec promises.
 */
export function readCodes(
  spec: CodecSpec,
  { codes }: CodecLayout,
  outputs: Readonly<Record<string, TensorValue>>,
  clips: number,
  samples: number,
): Codes[] {
  if (typeof codes === "string") {
    const shape = [clips, spec.hopLengths.length, validLength(spec, 0, samples)];
    return unpackLayers(spec, outputs[codes], shape);
  }
  const layers = codes.map((name, layer) =>
    unpackLayers(spec, outputs[name], [clips, validLength(spec, layer, samples)])
  );
  return Array.from({ length: clips }, (_, clip) => layers.map((rows) => rows[clip]?.[0] ?? []));
}

/**
 * The inputs of a decoder for the codes of one clip.
 *
 * @throws {RangeError} If a code does not fit the codec.
 */
export function feedCodes(
  spec: CodecSpec,
  { codes: names }: CodecLayout,
  codes: Codes,
): Record<string, TensorValue> {
  if (typeof names === "string") return { [names]: packLayers(spec, codes) };
  return Object.fromEntries(names.map((name, i) => [name, packRow(spec, codes[i] ?? [], i)]));
}
