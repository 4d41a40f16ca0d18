/**
 * Between clips and codes as the engine holds them, and tensors as a graph does.
 *
 * @module
 */
import { SampleError } from "../lib/errors.ts";
import type { CodecSpec, Codes } from "./codec.ts";
import type { TensorValue } from "./onnx_session.ts";

/**
 * Packs clips of one length as float32 [batch, 1, samples].
 *
 * @throws {RangeError} If there is no clip, the lengths differ, or the length is no multiple of
 * the padding unit.
 */
export function packClips(
  spec: CodecSpec,
  clips: readonly Float32Array[],
): TensorValue {
  checkBatch(spec, clips);
  const length = clips[0]?.length ?? 0;
  const data = new Float32Array(clips.length * length);
  clips.forEach((clip, index) => data.set(clip, index * length));
  return { data, dims: [clips.length, 1, length] };
}

/**
 * Checks clips that are to be encoded together.
 *
 * @throws As `packClips`.
 */
export function checkBatch(spec: CodecSpec, clips: readonly Float32Array[]): void {
  const length = clips[0]?.length ?? 0;
  const odd = clips.findIndex((clip) => clip.length !== length);
  if (odd !== -1) {
    throw new RangeError(
      `Cannot encode a batch: clip 0 has ${length} samples and clip ${odd} has ${
        clips[odd]?.length
      }; a batch holds clips of one length`,
    );
  }
  if (length === 0 || length % spec.paddingUnit !== 0) {
    throw new RangeError(
      `Cannot encode a batch of ${clips.length} clips of ${length} samples: ` +
        `'${spec.id}' takes multiples of ${spec.paddingUnit}; pad with zeros first`,
    );
  }
}

/**
 * Reads codes, int64 [clips, layers, frames], or [clips, frames] where there is one layer.
 *
 * Only the lower half of each 64 bits is read, after a check that the rest is zero: ten times
 * faster than going through `bigint`.
 *
 * @param shape What the tensor must be.
 * @throws {SampleError} `bad_output`, if the shape or a code is not what the codec promises.
 */
export function unpackLayers(
  spec: CodecSpec,
  tensor: TensorValue | undefined,
  shape: readonly number[],
): Codes[] {
  if (!(tensor?.data instanceof BigInt64Array) || tensor.dims.join() !== shape.join()) {
    throw new SampleError(
      "bad_output",
      `Cannot use the codes of '${spec.id}': the graph gave int64 [${
        tensor?.dims.join(", ") ?? "nothing"
      }] where [${shape.join(", ")}] was due`,
    );
  }
  const [clips = 0, frames = 0] = [shape[0], shape.at(-1)];
  const layers = shape.length === 2 ? 1 : shape[1] ?? 0;
  const words = new Uint32Array(
    tensor.data.buffer,
    tensor.data.byteOffset,
    tensor.data.length * 2,
  );
  return Array.from({ length: clips }, (_, clip) =>
    Array.from(
      { length: layers },
      (_, layer) => readRow(spec, words, (clip * layers + layer) * frames, frames),
    ));
}

function readRow(
  spec: CodecSpec,
  words: Uint32Array,
  offset: number,
  frames: number,
): number[] {
  const row = new Array<number>(frames);
  for (let frame = 0; frame < frames; frame++) {
    const low = words[2 * (offset + frame)] ?? 0;
    const high = words[2 * (offset + frame) + 1] ?? 0;
    if (high !== 0 || low >= spec.codebookSize) {
      throw new SampleError(
        "bad_output",
        `Cannot use the codes of '${spec.id}': frame ${frame} has code ${
          BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low))
        }, outside 0 to ${spec.codebookSize - 1}`,
      );
    }
    row[frame] = low;
  }
  return row;
}

/**
 * Packs the codes of one clip, whose layers are of one length, as int64 [1, layers, frames].
 *
 * @throws {RangeError} If the lengths differ or a code does not fit the codec.
 */
export function packLayers(spec: CodecSpec, codes: Codes): TensorValue {
  const layers = spec.hopLengths.length;
  const frames = codes[0]?.length ?? 0;
  const data = new BigInt64Array(layers * frames);
  codes.forEach((row, layer) => {
    if (row.length !== frames) {
      throw new RangeError(
        `Cannot decode: layer ${layer} has ${row.length} codes and layer 0 has ${frames}; ` +
          `'${spec.id}' takes layers of one length`,
      );
    }
    writeRow(spec, row, layer, data, layer * frames);
  });
  return { data, dims: [1, layers, frames] };
}

/**
 * Packs one layer of a clip as int64 [1, frames].
 *
 * @throws {RangeError} If a code does not fit the codec.
 */
export function packRow(spec: CodecSpec, row: readonly number[], layer: number): TensorValue {
  const data = new BigInt64Array(row.length);
  writeRow(spec, row, layer, data, 0);
  return { data, dims: [1, row.length] };
}

function writeRow(
  spec: CodecSpec,
  row: readonly number[],
  layer: number,
  data: BigInt64Array,
  offset: number,
): void {
  row.forEach((code, frame) => {
    if (!Number.isInteger(code) || code < 0 || code >= spec.codebookSize) {
      throw new RangeError(
        `Cannot decode: code ${frame} of layer ${layer} is ${code}; ` +
          `the codes of '${spec.id}' are integers from 0 to ${spec.codebookSize - 1}`,
      );
    }
    data[offset + frame] = BigInt(code);
  });
}
