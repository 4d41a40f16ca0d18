/**
 * An open checkpoint of whatever format, once its tensors are known.
 *
 * @module
 */
import type { Checkpoint, PlainValue, TensorFacts } from "./checkpoint.ts";
import { checkpointError, CheckpointFault } from "./fault.ts";
import { checkLayout, readStoredTensor, type StoredTensor } from "./stored_tensor.ts";
import { didYouMean } from "../nearest.ts";

/** What a format's reader finds in a file. */
export interface FoundTensors {
  readonly tensors: readonly StoredTensor[];
  readonly metadata: { readonly [key: string]: PlainValue };
}

/** Tensors read from an open file. */
export class TensorFile implements Checkpoint {
  readonly path: string;
  readonly tensors: ReadonlyMap<string, TensorFacts>;
  readonly metadata: { readonly [key: string]: PlainValue };
  readonly #stored: ReadonlyMap<string, StoredTensor>;
  readonly #file: Disposable;

  /**
   * @param file What is closed in the end.
   * @throws {CheckpointFault} if there are no tensors, or one does not fit its storage.
   */
  constructor(path: string, found: FoundTensors, file: Disposable) {
    if (found.tensors.length === 0) throw new CheckpointFault("it holds no tensors");
    found.tensors.forEach(checkLayout);
    this.path = path;
    this.metadata = found.metadata;
    this.#stored = new Map(found.tensors.map((tensor) => [tensor.name, tensor]));
    this.tensors = new Map(
      found.tensors.map(({ name, shape, type }) => [name, { name, shape, type }]),
    );
    this.#file = file;
  }

  async readFloat32(name: string): Promise<Float32Array<ArrayBuffer>> {
    try {
      const tensor = this.#stored.get(name);
      if (tensor === undefined) {
        const hint = didYouMean(name, [...this.#stored.keys()]);
        throw new CheckpointFault(`there is no such tensor${hint}`);
      }
      return await readStoredTensor(tensor);
    } catch (error) {
      throw checkpointError(`Cannot read tensor '${name}' of checkpoint '${this.path}'`, error);
    }
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}
