/**
 * What every checkpoint format is read into: named tensors whose values are fetched one at a
 * time, and the plain values stored beside them.
 *
 * @module
 */

/** What a tensor is stored as. */
export type StoredType =
  | "float32"
  | "float16"
  | "bfloat16"
  | "float64"
  | "int64"
  | "int32"
  | "int16"
  | "int8"
  | "uint8"
  | "bool";

/** What is known of a tensor without reading its values. */
export interface TensorFacts {
  readonly name: string;
  /** Dimensions, slowest first; empty for a scalar. */
  readonly shape: readonly number[];
  readonly type: StoredType;
}

/** Plain values stored beside tensors, such as the `metadata.kwargs` of a DAC checkpoint. */
export type PlainValue =
  | null
  | boolean
  | number
  | string
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue };

/** An open checkpoint. Its file stays open until it is disposed of. */
export interface Checkpoint extends Disposable {
  /** What messages call it: its path. */
  readonly path: string;
  /** By name, of the (flattened) state dict, in stored order. */
  readonly tensors: ReadonlyMap<string, TensorFacts>;
  /**
   * What else was stored beside the state dict: `__metadata__` of a safetensors file,
   * `{ metadata: { kwargs } }` of DAC; `{}` if nothing.
   */
  readonly metadata: { readonly [key: string]: PlainValue };
  /**
   * Reads the values of one tensor as float32: row-major and contiguous whatever the strides
   * stored. Other floats and integers are converted to the nearest float32.
   *
   * @throws {SpeechmillError} when there is no such tensor, or its bytes are damaged.
   */
  readFloat32(name: string): Promise<Float32Array<ArrayBuffer>>;
}
