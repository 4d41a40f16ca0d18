/**
 * A weight that a graph will hold: known by its shape, loaded when the graph is written.
 *
 * @module
 */
import { product } from "../product.ts";

/** Float32 values that are loaded late, one tensor at a time, so that no model is ever whole in memory. */
export interface Weight {
  /** What messages and the graph call it: the name in its checkpoint. */
  readonly name: string;
  readonly shape: readonly number[];
  /** The values, row-major. */
  load(): Promise<Float32Array<ArrayBuffer>>;
}

/** How many values a shape holds. */
export function sizeOf(shape: readonly number[]): number {
  return product(shape);
}

/**
 * A weight computed from others when it is loaded.
 *
 * @param change Gets the values of `sources`, in their order; returns as many as `shape` holds.
 */
export function derivedWeight(
  name: string,
  shape: readonly number[],
  sources: readonly Weight[],
  change: (...values: Float32Array<ArrayBuffer>[]) => Float32Array<ArrayBuffer>,
): Weight {
  return {
    name,
    shape,
    async load() {
      const values: Float32Array<ArrayBuffer>[] = [];
      for (const source of sources) values.push(await source.load());
      return change(...values);
    },
  };
}
