/**
 * The tensors of a checkpoint as weights of a graph: asked for by name and shape, weight
 * normalisation folded, and nothing left over.
 *
 * @module
 */
import type { Checkpoint, TensorFacts } from "../lib/checkpoints/checkpoint.ts";
import { SpeechmillError } from "../lib/errors.ts";
import type { ConvolutionWeights } from "./graph/convolution.ts";
import { derivedWeight, type Weight } from "./graph/weight.ts";
import { foldWeightNorm } from "./graph/weight_norm.ts";

/** The two halves of a normalised weight: g, v; as `torch.nn.utils` and as parametrizations name them. */
const WEIGHT_NORM_NAMES = [
  ["weight_g", "weight_v"],
  ["parametrizations.weight.original0", "parametrizations.weight.original1"],
] as const;

/**
 * Stands for weights that lie in a graph already: every tensor asked for is taken to be there, in
 * plain form. A family then says what its codec is, though nothing can be written.
 */
export const ASSUMED_CHECKPOINT: Checkpoint = {
  path: "weights of a ready export",
  tensors: new Map(),
  metadata: {},
  readFloat32: (name) =>
    Promise.reject(new TypeError(`Cannot read tensor '${name}': it lies in a graph`)),
  [Symbol.dispose]() {},
};

/** A checkpoint's tensors, checked before any is read. */
export class CheckpointWeights {
  readonly #checkpoint: Checkpoint;
  readonly #used = new Set<string>();

  constructor(checkpoint: Checkpoint) {
    this.#checkpoint = checkpoint;
  }

  /** What messages call the checkpoint. */
  get path(): string {
    return this.#checkpoint.path;
  }

  /** Whether there is a tensor of this name. */
  has(name: string): boolean {
    return this.#checkpoint.tensors.has(name);
  }

  /** Name, shape and stored type of each tensor. */
  get facts(): ReadonlyMap<string, TensorFacts> {
    return this.#checkpoint.tensors;
  }

  /**
   * One tensor of floats.
   *
   * @throws {SpeechmillError} If there is none of this name, or its shape or type is another.
   */
  tensor(name: string, shape: readonly number[]): Weight {
    this.#check(name, shape, (type) => /^b?float/.test(type), "floats");
    return { name, shape, load: () => this.#checkpoint.readFloat32(name) };
  }

  /**
   * A small tensor of whole numbers, such as FSQ's levels: redundant with the config, so that
   * callers compare the two.
   *
   * @throws {SpeechmillError} As `tensor`.
   */
  async integers(name: string, shape: readonly number[]): Promise<number[]> {
    this.#check(name, shape, (type) => /^u?int/.test(type), "integers");
    return Array.from(await this.#checkpoint.readFloat32(name));
  }

  /**
   * The weights of a convolution: `prefix.weight`, plain or as either spelling of weight
   * normalisation, and `prefix.bias`.
   *
   * @param shape As PyTorch lays the weight out.
   * @param bias Length of the bias; null where the layer has none.
   * @throws {SpeechmillError} As `tensor`.
   */
  convolution(prefix: string, shape: readonly number[], bias: number | null): ConvolutionWeights {
    return {
      weight: this.#maybeNormalised(prefix, shape),
      bias: bias === null ? null : this.tensor(`${prefix}.bias`, [bias]),
    };
  }

  /** Marks tensors as known and not needed, such as training statistics. */
  ignore(pattern: RegExp): void {
    for (const name of this.facts.keys()) {
      if (pattern.test(name)) this.#used.add(name);
    }
  }

  /**
   * Call it when the graphs are built.
   *
   * @throws {SpeechmillError} If a tensor was asked for by nobody: the config describes another model.
   */
  assertAllUsed(): void {
    const left = [...this.facts.keys()].filter((name) => !this.#used.has(name));
    if (left.length === 0) return;
    const others = left.length === 1 ? "" : ` and ${left.length - 1} more`;
    throw new SpeechmillError(
      `Cannot convert '${this.path}': tensor '${left[0]}'${others} belongs to no layer that the ` +
        `config describes; use the config that was published with these weights`,
    );
  }

  #maybeNormalised(prefix: string, shape: readonly number[]): Weight {
    for (const [g, v] of WEIGHT_NORM_NAMES) {
      if (!this.has(`${prefix}.${g}`)) continue;
      const gain = this.tensor(`${prefix}.${g}`, [shape[0] ?? 0, ...shape.slice(1).fill(1)]);
      const direction = this.tensor(`${prefix}.${v}`, shape);
      return derivedWeight(`${prefix}.weight`, shape, [gain, direction], foldWeightNorm);
    }
    return this.tensor(`${prefix}.weight`, shape);
  }

  #check(
    name: string,
    shape: readonly number[],
    fits: (type: string) => boolean,
    due: string,
  ): void {
    if (this.#checkpoint === ASSUMED_CHECKPOINT) return;
    const found = this.facts.get(name);
    if (found === undefined) {
      throw new SpeechmillError(
        `Cannot convert '${this.path}': it has no tensor '${name}' [${shape.join(", ")}], ` +
          `which the config asks for`,
      );
    }
    if (found.shape.join() !== shape.join()) {
      throw new SpeechmillError(
        `Cannot convert '${this.path}': tensor '${name}' is [${found.shape.join(", ")}] where ` +
          `the config asks for [${shape.join(", ")}]`,
      );
    }
    if (!fits(found.type)) {
      throw new SpeechmillError(
        `Cannot convert '${this.path}': tensor '${name}' holds ${found.type} where ${due} are due`,
      );
    }
    this.#used.add(name);
  }
}
