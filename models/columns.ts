/**
 * Stretches of tensors along time, their last dimension.
 *
 * @module
 */
import type { TensorValue } from "./onnx_session.ts";

/** Columns `from` to `to`, exclusive, of the last dimension. */
export function columns(tensor: TensorValue, from: number, to: number): TensorValue {
  const { data, dims } = tensor;
  const width = dims.at(-1) ?? 0;
  if (from === 0 && to === width) return tensor;
  const piece: TensorValue = {
    data: new Float32Array(data.length / width * (to - from)),
    dims: [...dims.slice(0, -1), to - from],
  };
  copyColumns({ from: tensor, to: piece, at: 0, start: from, end: to });
  return piece;
}

interface ColumnCopy {
  readonly from: TensorValue;
  readonly to: TensorValue;
  /** First column to write. */
  readonly at: number;
  /** Columns to read: from `start` to `end`, exclusive. */
  readonly start: number;
  readonly end: number;
}

/** Copies columns of the last dimension from one float tensor into another of as many rows. */
export function copyColumns({ from, to, at, start, end }: ColumnCopy): void {
  if (!(from.data instanceof Float32Array) || !(to.data instanceof Float32Array)) {
    throw new TypeError("Cannot copy columns: a tensor is not float32");
  }
  const [width = 1, target = 1] = [from.dims.at(-1), to.dims.at(-1)];
  for (let row = 0; row < from.data.length / width; row++) {
    to.data.set(from.data.subarray(row * width + start, row * width + end), row * target + at);
  }
}
