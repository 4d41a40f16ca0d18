/**
 * What a pickle of tensors holds, as plain data. There is no class of Python's here: what a
 * pickle asks to call is known by name alone and stands for a description.
 *
 * @module
 */
import type { StoredType } from "../checkpoint.ts";

/** A list, a tuple or a set. */
export type PickledList = Pickled[];

/** A dict or an `OrderedDict`. */
export type PickledDict = Map<Pickled, Pickled>;

/** Any value of a pickle. Integers beyond 2^53 are bigints; bytes are what `bytes` was. */
export type Pickled =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickledList
  | PickledDict
  | PickledTensor
  | StorageReference
  | KnownGlobal;

/** Elements that lie outside the pickle. */
export class StorageReference {
  /**
   * @param key Its name in the file.
   * @param elements Its length. Elements.
   */
  constructor(readonly type: StoredType, readonly key: string, readonly elements: number) {}
}

/** A view into a storage. Offset and strides are in elements. */
export class PickledTensor {
  constructor(
    readonly storage: StorageReference,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** One of the few names of Python that a pickle of tensors refers to. */
export class KnownGlobal {
  /**
   * @param name As Python has it: `torch.FloatStorage`.
   * @param describe Describes what a call would return; null if it is not called. It gets the
   * arguments and returns undefined if they do not fit.
   * @param storage What a storage class stores; null for what is no storage class.
   */
  constructor(
    readonly name: string,
    readonly describe: ((args: readonly Pickled[]) => Pickled | undefined) | null,
    readonly storage: StoredType | null,
  ) {}
}
