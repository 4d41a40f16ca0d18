/** Writes pickles of tensors, also such as torch would not write. */
import { concatenated } from "./safetensors_writer.ts";

/** A part of a pickle that leaves one value on the stack. */
export type PickledPart = Uint8Array;

/** Bytes of operations; letters are their codes. */
export function operations(...parts: readonly (string | number | Uint8Array)[]): PickledPart {
  return concatenated(parts.map((part) => {
    if (typeof part === "number") return Uint8Array.of(part);
    return typeof part === "string" ? new TextEncoder().encode(part) : part;
  }));
}

export function text(value: string): PickledPart {
  const bytes = new TextEncoder().encode(value);
  return operations("X", uint32(bytes.length), bytes);
}

/** An integer of up to seven bytes. */
export function integer(value: number): PickledPart {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true);
  return operations(0x8a, 8, bytes);
}

export function integers(...values: readonly number[]): PickledPart {
  return tuple(...values.map(integer));
}

export function tuple(...parts: readonly PickledPart[]): PickledPart {
  return operations("(", ...parts, "t");
}

export function dict(entries: readonly (readonly [PickledPart, PickledPart])[]): PickledPart {
  return operations("}(", ...entries.flat(), "u");
}

export function global(module: string, name: string): PickledPart {
  return operations(`c${module}\n${name}\n`);
}

/** A storage class, a key and a number of elements. */
export interface WrittenStorage {
  readonly type: string;
  readonly key: string;
  readonly elements: number;
}

/** A view into a storage. */
export function tensor(
  { type, key, elements }: WrittenStorage,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
): PickledPart {
  const id = tuple(
    text("storage"),
    global("torch", type),
    text(key),
    text("cpu"),
    integer(elements),
  );
  const view = [integer(offset), integers(...shape), integers(...strides)];
  const rest = [operations(0x89), operations(global("collections", "OrderedDict"), ")R")];
  const args = tuple(operations(id, "Q"), ...view, ...rest);
  return operations(global("torch._utils", "_rebuild_tensor_v2"), args, "R");
}

/** A whole pickle. */
export function pickle(...parts: readonly (PickledPart | string)[]): Uint8Array<ArrayBuffer> {
  return concatenated([operations(0x80, 2, ...parts, ".")]);
}

function uint32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}
