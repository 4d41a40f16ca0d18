/**
 * The operations that `torch.save` writes, of protocols 2 to 5.
 * Source: https://docs.python.org/3/library/pickletools.html
 *
 * @module
 */
import { CheckpointFault } from "../fault.ts";
import type { PickleBytes } from "./bytes.ts";
import { knownGlobal, storageReference } from "./globals.ts";
import type { PickleMachine } from "./machine.ts";
import { KnownGlobal, type Pickled } from "./values.ts";

/** Does one operation; its arguments follow in the bytes. */
export type Operation = (machine: PickleMachine, bytes: PickleBytes) => void;

/** Pickles end with this. */
export const STOP = 0x2e;

const NEWEST_PROTOCOL = 5;

/** Foreign names are cut here in messages. Characters. */
const LONGEST_SHOWN = 100;

/** An operation that pushes what it reads. */
function pushing(read: (bytes: PickleBytes) => Pickled): Operation {
  return (machine, bytes) => machine.push(read(bytes));
}

/** An operation that makes a tuple of the last `count` values. */
function tupleOf(count: number): Operation {
  return (machine) => machine.push(machine.popSeveral(count));
}

/** By the byte that stands for them. */
export const OPERATIONS: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [0x80, protocol], // PROTO
  [0x95, (_, bytes) => void bytes.uint64()], // FRAME
  [0x4e, pushing(() => null)], // NONE
  [0x88, pushing(() => true)], // NEWTRUE
  [0x89, pushing(() => false)], // NEWFALSE
  [0x4a, pushing((bytes) => bytes.int32())], // BININT
  [0x4b, pushing((bytes) => bytes.uint8())], // BININT1
  [0x4d, pushing((bytes) => bytes.uint16())], // BININT2
  [0x8a, pushing((bytes) => bytes.integer(bytes.uint8()))], // LONG1
  [0x47, pushing((bytes) => bytes.float64())], // BINFLOAT
  [0x55, pushing((bytes) => bytes.latin1(bytes.uint8()))], // SHORT_BINSTRING
  [0x58, pushing((bytes) => bytes.utf8(bytes.uint32()))], // BINUNICODE
  [0x8c, pushing((bytes) => bytes.utf8(bytes.uint8()))], // SHORT_BINUNICODE
  [0x8d, pushing((bytes) => bytes.utf8(bytes.uint64()))], // BINUNICODE8
  [0x43, pushing((bytes) => bytes.take(bytes.uint8()))], // SHORT_BINBYTES
  [0x42, pushing((bytes) => bytes.take(bytes.uint32()))], // BINBYTES
  [0x29, pushing(() => [])], // EMPTY_TUPLE
  [0x5d, pushing(() => [])], // EMPTY_LIST
  [0x8f, pushing(() => [])], // EMPTY_SET
  [0x7d, pushing(() => new Map())], // EMPTY_DICT
  [0x28, (machine) => machine.mark()], // MARK
  [0x74, (machine) => machine.push(machine.popMarked())], // TUPLE
  [0x91, (machine) => machine.push(machine.popMarked())], // FROZENSET
  [0x85, tupleOf(1)], // TUPLE1
  [0x86, tupleOf(2)], // TUPLE2
  [0x87, tupleOf(3)], // TUPLE3
  [0x61, (machine) => addItems(machine, [machine.pop()])], // APPEND
  [0x65, (machine) => addItems(machine, machine.popMarked())], // APPENDS
  [0x90, (machine) => addItems(machine, machine.popMarked())], // ADDITEMS
  [0x73, (machine) => setItems(machine, machine.popSeveral(2))], // SETITEM
  [0x75, (machine) => setItems(machine, machine.popMarked())], // SETITEMS
  [0x71, (machine, bytes) => machine.memoize(bytes.uint8())], // BINPUT
  [0x72, (machine, bytes) => machine.memoize(bytes.uint32())], // LONG_BINPUT
  [0x94, (machine) => machine.memoizeNext()], // MEMOIZE
  [0x68, (machine, bytes) => machine.recall(bytes.uint8())], // BINGET
  [0x6a, (machine, bytes) => machine.recall(bytes.uint32())], // LONG_BINGET
  [0x63, (machine, bytes) => pushGlobal(machine, bytes.line(), bytes.line())], // GLOBAL
  [0x93, stackGlobal], // STACK_GLOBAL
  [0x52, reduce], // REDUCE
  [0x62, build], // BUILD
  [0x51, persistentId], // BINPERSID
]);

function protocol(machine: PickleMachine, bytes: PickleBytes): void {
  const version = bytes.uint8();
  if (version > NEWEST_PROTOCOL) {
    throw machine.fault(`it claims protocol ${version}, and ${NEWEST_PROTOCOL} is the newest`);
  }
}

function addItems(machine: PickleMachine, items: readonly Pickled[]): void {
  const list = machine.topList();
  for (const item of items) list.push(item);
}

function setItems(machine: PickleMachine, items: readonly Pickled[]): void {
  const dict = machine.topDict();
  if (items.length % 2 !== 0) throw machine.fault("a key has no value");
  for (let index = 0; index < items.length; index += 2) {
    dict.set(items[index] ?? null, items[index + 1] ?? null);
  }
}

function stackGlobal(machine: PickleMachine): void {
  const name = machine.popText();
  pushGlobal(machine, machine.popText(), name);
}

function pushGlobal(machine: PickleMachine, module: string, name: string): void {
  const full = `${module}.${name}`;
  const known = knownGlobal(full);
  if (known === undefined) {
    const shown = full.slice(0, LONGEST_SHOWN).replaceAll(/[^\x20-\x7e]/g, "?");
    throw new CheckpointFault(
      `it holds a '${shown}' object, and only tensors and plain values are read; ` +
        `nothing of it was run`,
    );
  }
  machine.push(known);
}

/** Where Python would call a function: the function is known, and what it makes is described. */
function reduce(machine: PickleMachine): void {
  const args = machine.pop();
  const known = machine.pop();
  if (!(known instanceof KnownGlobal) || known.describe === null || !Array.isArray(args)) {
    throw machine.fault("it calls what is no function");
  }
  const value = known.describe(args);
  if (value === undefined) throw machine.fault(`the arguments do not fit '${known.name}'`);
  machine.push(value);
}

/** Attributes of a dict, such as the `_metadata` of a state dict, say nothing about tensors. */
function build(machine: PickleMachine): void {
  const attributes = machine.pop();
  machine.topDict();
  if (!(attributes instanceof Map)) throw machine.fault("the attributes of a dict are no dict");
}

function persistentId(machine: PickleMachine): void {
  const storage = storageReference(machine.pop());
  if (storage === undefined) throw machine.fault("it refers to what is no storage of numbers");
  machine.pushStorage(storage);
}
