/**
 * Plain values out of a pickle.
 *
 * @module
 */
import type { PlainValue } from "./checkpoint.ts";
import { CheckpointFault } from "./fault.ts";
import type { Pickled } from "./pickle/values.ts";

/** Nobody nests settings deeper. */
const DEEPEST = 64;

/**
 * Converts values to plain ones. A value that stands in several places is converted once, so
 * that values within values cannot multiply.
 */
export class PlainConverter {
  readonly #done = new Map<Pickled, PlainValue | undefined>();

  /**
   * Converts a value. Tuples and sets become lists, and numbers as keys become texts.
   *
   * @param depth How deep the value lies already.
   * @returns undefined for what has no plain form, such as tensors; containers leave it out.
   * @throws {CheckpointFault} if a value contains itself, or lies too deep.
   */
  convert(value: Pickled, depth = 0): PlainValue | undefined {
    if (value === null || typeof value !== "object") {
      return typeof value === "bigint" ? undefined : value;
    }
    if (!Array.isArray(value) && !(value instanceof Map)) return undefined;
    if (depth > DEEPEST) {
      throw new CheckpointFault(
        `the values beside its tensors contain themselves, or lie more than ${DEEPEST} deep`,
      );
    }
    if (this.#done.has(value)) return this.#done.get(value);
    const plain = Array.isArray(value)
      ? value.flatMap((item) => this.#listed(item, depth))
      : Object.fromEntries([...value].flatMap((entry) => this.#entry(entry, depth)));
    this.#done.set(value, plain);
    return plain;
  }

  #listed(item: Pickled, depth: number): PlainValue[] {
    const plain = this.convert(item, depth + 1);
    return plain === undefined ? [] : [plain];
  }

  #entry([key, value]: [Pickled, Pickled], depth: number): [string, PlainValue][] {
    if (typeof key !== "string" && typeof key !== "number") return [];
    const plain = this.convert(value, depth + 1);
    return plain === undefined ? [] : [[String(key), plain]];
  }
}
