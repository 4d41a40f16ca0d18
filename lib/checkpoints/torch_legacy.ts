/**
 * What `torch.save` wrote before version 1.6: five pickles one after the other (a magic number,
 * a version, facts about the machine, the object, the keys of its storages), then the storages,
 * each with its length before it.
 *
 * @module
 */
import { type ByteSource, rangeOf } from "./byte_source.ts";
import { ELEMENT_BYTES } from "./convert.ts";
import { CheckpointFault, damaged } from "./fault.ts";
import { LONGEST_PICKLE, unpickle } from "./pickle/unpickle.ts";
import type { Pickled, StorageReference } from "./pickle/values.ts";
import { takeApart } from "./state_dict.ts";
import type { FoundTensors } from "./tensor_file.ts";

const MAGIC_NUMBER = 0x1950a86a20f9469cfc6cn;
const VERSION = 1001;

/** Before every storage stands its number of elements. Bytes. */
const LENGTH_BYTES = 8;

/**
 * Reads the pickles of an old torch file and finds the storages after them.
 *
 * @throws {CheckpointFault}
 */
export async function readTorchLegacy(source: ByteSource): Promise<FoundTensors> {
  const { root, references, keys, end } = await readPickles(source);
  const { tensors, metadata } = takeApart(root);
  const storages = await locateStorages(source, end, keys, references);
  const found = [...tensors].map(([name, { storage: reference, offset, shape, strides }]) => {
    const storage = storages.get(reference.key);
    if (storage === undefined) throw damaged(`tensor '${name}' has no storage`);
    return { name, type: reference.type, shape, storage, offset, strides };
  });
  return { tensors: found, metadata };
}

async function readPickles(source: ByteSource) {
  const bytes = await source.read(0, Math.min(source.size, LONGEST_PICKLE));
  const magic = unpickle(bytes, 0);
  if (magic.value !== MAGIC_NUMBER) {
    throw new CheckpointFault("it is a pickle that torch.save did not write");
  }
  const version = unpickle(bytes, magic.end);
  if (version.value !== VERSION) {
    throw new CheckpointFault(`its format has a version other than ${VERSION}`);
  }
  const machine = unpickle(bytes, version.end);
  checkByteOrder(machine.value);
  const root = unpickle(bytes, machine.end);
  const keys = unpickle(bytes, root.end);
  return { root: root.value, references: root.storages, keys: keys.value, end: keys.end };
}

function checkByteOrder(machine: Pickled): void {
  if (machine instanceof Map && machine.get("little_endian") === true) return;
  throw new CheckpointFault("its numbers are not little-endian; save it on a usual machine");
}

/** Finds the storages by key. They stand in the order of the keys, up to the end of the file. */
async function locateStorages(
  source: ByteSource,
  start: number,
  keys: Pickled,
  references: ReadonlyMap<string, StorageReference>,
): Promise<ReadonlyMap<string, ByteSource>> {
  if (!Array.isArray(keys)) throw damaged("the keys of its storages are no list");
  const storages = new Map<string, ByteSource>();
  let position = start;
  for (const key of keys) {
    const reference = typeof key === "string" ? references.get(key) : undefined;
    if (reference === undefined) throw damaged("it holds a storage that no tensor uses");
    if (storages.has(reference.key)) throw damaged(`it holds two storages '${reference.key}'`);
    const bytes = await storageBytes(source, position, reference);
    storages.set(reference.key, rangeOf(source, position + LENGTH_BYTES, bytes));
    position += LENGTH_BYTES + bytes;
  }
  if (position !== source.size) {
    throw damaged(`${source.size - position} bytes follow its last storage`);
  }
  return storages;
}

async function storageBytes(
  source: ByteSource,
  position: number,
  { key, type, elements }: StorageReference,
): Promise<number> {
  const bytes = await source.read(position, LENGTH_BYTES);
  const stored = new DataView(bytes.buffer).getBigInt64(0, true);
  if (stored !== BigInt(elements)) {
    throw damaged(`storage '${key}' has ${stored} elements, and ${elements} are expected`);
  }
  return elements * ELEMENT_BYTES[type];
}
