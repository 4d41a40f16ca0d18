/**
 * A tensor where it lies: a view with strides into a storage.
 *
 * @module
 */
import type { TensorFacts } from "./checkpoint.ts";
import type { ByteSource } from "./byte_source.ts";
import { ELEMENT_BYTES, toFloat32 } from "./convert.ts";
import { CheckpointFault, damaged } from "./fault.ts";

/** A tensor and where its elements are. */
export interface StoredTensor extends TensorFacts {
  /** The storage, perhaps shared with other tensors. */
  readonly storage: ByteSource;
  /** Where the first element is in the storage. Elements. */
  readonly offset: number;
  /** Steps from one index to the next, for every dimension. Elements. */
  readonly strides: readonly number[];
}

/** The weights of a codec are far smaller; views with stride 0 cost nothing to write. Elements. */
const MOST_ELEMENTS = 2 ** 30;

/** As many as torch allows. */
const MOST_DIMENSIONS = 64;

/** Elements of a tensor of this shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
}

/** Strides of a tensor that lies row by row without gaps. Elements. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides: number[] = [];
  let stride = 1;
  for (const size of shape.toReversed()) {
    strides.push(stride);
    stride *= size;
  }
  return strides.reverse();
}

/**
 * Checks that every element of a tensor lies in its storage.
 *
 * @throws {CheckpointFault} naming the tensor.
 */
export function checkLayout(tensor: StoredTensor): void {
  const { name, shape, strides, offset, storage, type } = tensor;
  if (strides.length !== shape.length) {
    throw damaged(`tensor '${name}' has ${shape.length} dimensions and ${strides.length} strides`);
  }
  if (shape.length > MOST_DIMENSIONS) {
    throw damaged(`tensor '${name}' has ${shape.length} dimensions`);
  }
  const count = elementCount(shape);
  if (count > MOST_ELEMENTS) {
    throw new CheckpointFault(
      `tensor '${name}' has ${count} elements, and at most ${MOST_ELEMENTS} are read`,
    );
  }
  const stored = Math.floor(storage.size / ELEMENT_BYTES[type]);
  const end = offset + extent(tensor);
  if (end > stored) {
    throw damaged(`tensor '${name}' reaches to element ${end} of a storage of ${stored}`);
  }
}

/** The elements of a tensor as float32, row by row without gaps. */
export async function readStoredTensor(tensor: StoredTensor): Promise<Float32Array<ArrayBuffer>> {
  const size = ELEMENT_BYTES[tensor.type];
  const bytes = await tensor.storage.read(tensor.offset * size, extent(tensor) * size);
  const values = toFloat32(bytes, tensor.type);
  return isRowMajor(tensor) ? values : gather(values, tensor);
}

/** Elements from the first of a tensor to its last. */
function extent({ shape, strides }: StoredTensor): number {
  if (elementCount(shape) === 0) return 0;
  return shape.reduce((sum, size, dimension) => sum + (size - 1) * (strides[dimension] ?? 0), 1);
}

/** Whether the elements lie in order; the stride of a dimension of one element does not matter. */
function isRowMajor({ shape, strides }: StoredTensor): boolean {
  const expected = rowMajorStrides(shape);
  return elementCount(shape) === 0 ||
    shape.every((size, dimension) => size === 1 || strides[dimension] === expected[dimension]);
}

function gather(values: Float32Array, { shape, strides }: StoredTensor): Float32Array<ArrayBuffer> {
  const gathered = new Float32Array(elementCount(shape));
  const indices = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < gathered.length; to++) {
    gathered[to] = values[from] ?? NaN;
    for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
      const [size = 1, stride = 0] = [shape[dimension], strides[dimension]];
      const index = (indices[dimension] ?? 0) + 1;
      from += stride;
      indices[dimension] = index;
      if (index < size) break;
      from -= size * stride;
      indices[dimension] = 0;
    }
  }
  return gathered;
}
