/**
 * A state dict with the names of its tensors.
 *
 * @module
 */
import type { PlainValue } from "./checkpoint.ts";
import { CheckpointFault } from "./fault.ts";
import { type Pickled, type PickledDict, PickledTensor } from "./pickle/values.ts";
import { PlainConverter } from "./plain.ts";

/** A pickled checkpoint, taken apart. */
export interface StateDict {
  readonly tensors: ReadonlyMap<string, PickledTensor>;
  readonly metadata: { readonly [key: string]: PlainValue };
}

const STATE_DICT = "state_dict";

/** No module nests deeper. */
const DEEPEST = 64;

/**
 * Takes a checkpoint apart: `{ "state_dict": {…}, … }`, or the state dict alone. In the state
 * dict, dicts within dicts get dotted names. What is no tensor in there, and what stands beside
 * it, is metadata; what has no plain form (the tensors of an optimiser) is left out of it.
 *
 * @throws {CheckpointFault} if it is no dict, or two tensors get one name.
 */
export function takeApart(root: Pickled): StateDict {
  if (!(root instanceof Map)) {
    throw new CheckpointFault("it holds no dict of tensors; expected a state dict");
  }
  const inner = root.get(STATE_DICT);
  const state = inner instanceof Map ? inner : root;
  const flattened = new Flattened();
  flattened.add(state, []);
  const beside = state === root ? [] : [...root].filter(([key]) => key !== STATE_DICT);
  for (const [key, value] of beside) flattened.addPlain(textOf(key), value);
  return {
    tensors: flattened.tensors,
    metadata: Object.fromEntries(flattened.plain),
  };
}

function textOf(key: Pickled): string {
  if (typeof key === "string" || typeof key === "number") return String(key);
  throw new CheckpointFault("it holds a dict with a key that is neither text nor number");
}

class Flattened {
  readonly tensors = new Map<string, PickledTensor>();
  readonly plain = new Map<string, PlainValue>();
  readonly #converter = new PlainConverter();
  readonly #visited = new Set<PickledDict>();

  add(dict: PickledDict, path: readonly string[]): void {
    if (this.#visited.has(dict) || path.length > DEEPEST) {
      throw new CheckpointFault(
        `the dict at '${path.join(".")}' stands twice in its state dict, or lies too deep`,
      );
    }
    this.#visited.add(dict);
    for (const [key, value] of dict) {
      const names = [...path, textOf(key)];
      const name = names.join(".");
      if (value instanceof Map) this.add(value, names);
      else if (value instanceof PickledTensor) this.#addTensor(name, value);
      else this.addPlain(name, value);
    }
  }

  addPlain(name: string, value: Pickled): void {
    const plain = this.#converter.convert(value);
    if (plain !== undefined) this.plain.set(name, plain);
  }

  #addTensor(name: string, tensor: PickledTensor): void {
    if (this.tensors.has(name)) throw new CheckpointFault(`it holds two tensors '${name}'`);
    this.tensors.set(name, tensor);
  }
}
