/**
 * The names of Python that `torch.save` writes for tensors and plain containers. No other is
 * read, and none is looked up or called: each stands for a description of what it would make.
 * Source: `torch/_utils.py` and `torch/serialization.py`.
 *
 * @module
 */
import type { StoredType } from "../checkpoint.ts";
import { KnownGlobal, type Pickled, PickledTensor, StorageReference } from "./values.ts";

const STORAGES: readonly (readonly [string, StoredType])[] = [
  ["torch.FloatStorage", "float32"],
  ["torch.HalfStorage", "float16"],
  ["torch.BFloat16Storage", "bfloat16"],
  ["torch.DoubleStorage", "float64"],
  ["torch.LongStorage", "int64"],
  ["torch.IntStorage", "int32"],
  ["torch.ShortStorage", "int16"],
  ["torch.CharStorage", "int8"],
  ["torch.ByteStorage", "uint8"],
  ["torch.BoolStorage", "bool"],
];

const KNOWN: readonly KnownGlobal[] = [
  new KnownGlobal("collections.OrderedDict", emptyDict, null),
  new KnownGlobal("torch._utils._rebuild_tensor_v2", tensor, null),
  new KnownGlobal("torch._utils._rebuild_parameter", parameter, null),
  new KnownGlobal("torch.Size", size, null),
  ...STORAGES.map(([name, type]) => new KnownGlobal(name, null, type)),
];

const GLOBALS: ReadonlyMap<string, KnownGlobal> = new Map(
  KNOWN.map((known) => [known.name, known]),
);

/** The global of this name (`torch.FloatStorage`), or undefined if it is not one that is read. */
export function knownGlobal(name: string): KnownGlobal | undefined {
  return GLOBALS.get(name);
}

/**
 * The storage that a persistent id names: `("storage", type, key, device, elements)`, in old
 * files followed by None.
 *
 * @returns undefined if the id is no such tuple.
 */
export function storageReference(id: Pickled): StorageReference | undefined {
  if (!Array.isArray(id) || id.length < 5 || id.length > 6) return undefined;
  const [kind, type, key, _device, elements, view = null] = id;
  if (kind !== "storage" || view !== null || !isCount(elements)) return undefined;
  if (!(type instanceof KnownGlobal) || type.storage === null) return undefined;
  return typeof key === "string" ? new StorageReference(type.storage, key, elements) : undefined;
}

/** `OrderedDict()`: its items follow. */
function emptyDict(args: readonly Pickled[]): Pickled | undefined {
  return args.length === 0 ? new Map() : undefined;
}

/** `_rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, backward_hooks)`. */
function tensor(args: readonly Pickled[]): Pickled | undefined {
  const [storage, offset, shape, strides] = args;
  if (args.length !== 6 || !(storage instanceof StorageReference)) return undefined;
  if (!isCount(offset) || !isCounts(shape) || !isCounts(strides)) return undefined;
  return new PickledTensor(storage, offset, [...shape], [...strides]);
}

/** `_rebuild_parameter(tensor, requires_grad, backward_hooks)`: a parameter is its tensor. */
function parameter(args: readonly Pickled[]): Pickled | undefined {
  const [value] = args;
  return args.length === 3 && value instanceof PickledTensor ? value : undefined;
}

/** `torch.Size(tuple)`. */
function size(args: readonly Pickled[]): Pickled | undefined {
  const [sizes] = args;
  return args.length === 1 && isCounts(sizes) ? sizes : undefined;
}

function isCount(value: Pickled | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isCounts(value: Pickled | undefined): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}
