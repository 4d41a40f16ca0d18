/**
 * Reading a pickle of tensors and plain containers. Nothing of it is executed.
 *
 * @module
 */
import { CheckpointFault } from "../fault.ts";
import { PickleBytes } from "./bytes.ts";
import { PickleMachine } from "./machine.ts";
import { OPERATIONS, STOP } from "./opcodes.ts";
import type { Pickled, StorageReference } from "./values.ts";

/** A pickle with a hundred thousand tensors is smaller. Bytes. */
export const LONGEST_PICKLE = 16 * 2 ** 20;

/** A tensor takes about forty. What each leaves behind is small, so this bounds the memory. */
const MOST_OPERATIONS = 4_000_000;

/** A value, and where its pickle ends. */
export interface Unpickled {
  readonly value: Pickled;
  /** The storages that it refers to, by key. */
  readonly storages: ReadonlyMap<string, StorageReference>;
  /** Position after the last byte. */
  readonly end: number;
}

/**
 * Reads one pickle.
 *
 * @param bytes What holds it.
 * @param start Where it starts.
 * @throws {CheckpointFault} if it is damaged, or holds anything but tensors and plain values.
 */
export function unpickle(bytes: Uint8Array, start: number): Unpickled {
  const machine = new PickleMachine();
  const input = new PickleBytes(bytes, start);
  for (let count = 0; count < MOST_OPERATIONS; count++) {
    machine.at = input.position;
    const code = input.uint8();
    if (code === STOP) {
      return { value: machine.pop(), storages: machine.storages, end: input.position };
    }
    const operation = OPERATIONS.get(code);
    if (operation === undefined) {
      throw machine.fault(`0x${code.toString(16).padStart(2, "0")} is no operation of torch.save`);
    }
    operation(machine, input);
  }
  throw new CheckpointFault(
    `its pickle has more than ${MOST_OPERATIONS} operations, too many for a checkpoint`,
  );
}
