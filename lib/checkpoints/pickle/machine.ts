/**
 * The state of the little machine that a pickle is a program for: a stack, marks in it, and a
 * memo of values that are used again.
 *
 * @module
 */
import { type CheckpointFault, damaged } from "../fault.ts";
import type { Pickled, PickledDict, PickledList, StorageReference } from "./values.ts";

/** Stack and memo of a pickle while it is read. */
export class PickleMachine {
  /** Where the operation stands that is under way. Bytes from the start. */
  at = 0;
  readonly #stack: Pickled[] = [];
  readonly #marks: number[] = [];
  readonly #storages = new Map<string, StorageReference>();
  readonly #memo = new Map<number, Pickled>();

  /** The fault of an operation that does not fit what came before. */
  fault(state: string): CheckpointFault {
    return damaged(`its pickle is damaged at byte ${this.at}: ${state}`);
  }

  push(value: Pickled): void {
    this.#stack.push(value);
  }

  pop(): Pickled {
    const value = this.top();
    this.#stack.pop();
    return value;
  }

  top(): Pickled {
    const value = this.#stack.at(-1);
    if (value === undefined || this.#stack.length <= (this.#marks.at(-1) ?? 0)) {
      throw this.fault("there is no value to take");
    }
    return value;
  }

  /** Takes `count` values, in the order in which they were pushed. */
  popSeveral(count: number): PickledList {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  /** Takes all values since the last mark. */
  popMarked(): PickledList {
    const mark = this.#marks.pop();
    if (mark === undefined) throw this.fault("there is no mark");
    return this.#stack.splice(mark);
  }

  memoize(key: number): void {
    this.#memo.set(key, this.top());
  }

  /** Memoizes under the next number, as pickles of protocol 4 do. */
  memoizeNext(): void {
    this.memoize(this.#memo.size);
  }

  recall(key: number): void {
    const value = this.#memo.get(key);
    if (value === undefined) throw this.fault(`nothing was memoized as ${key}`);
    this.push(value);
  }

  topList(): PickledList {
    const list = this.top();
    if (Array.isArray(list)) return list;
    throw this.fault("there is no list to add to");
  }

  topDict(): PickledDict {
    const dict = this.top();
    if (dict instanceof Map) return dict;
    throw this.fault("there is no dict to add to");
  }

  /** All storages referred to so far, by key. */
  get storages(): ReadonlyMap<string, StorageReference> {
    return this.#storages;
  }

  pushStorage(storage: StorageReference): void {
    const { key, type, elements } = storage;
    const before = this.#storages.get(key) ?? storage;
    if (before.type !== type || before.elements !== elements) {
      throw this.fault(`storage '${key}' has two types or lengths`);
    }
    this.#storages.set(key, before);
    this.push(before);
  }

  popText(): string {
    const text = this.pop();
    if (typeof text === "string") return text;
    throw this.fault("there is no text to take");
  }
}
