/** A file system that fails, or is killed, at its k-th operation. */
import { join } from "node:path";
import { type FileSystem, type OutputFile, realFileSystem } from "../../lib/fs.ts";

/** Thrown where a real process would be gone. */
export class Killed extends Error {
  override name = "Killed";
}

/** What happens at the k-th operation. */
export type Fault =
  /** The operation throws this; later ones work. */
  | { readonly kind: "error"; readonly error: Error }
  /** Nothing is done any more, by this operation or a later one. */
  | { readonly kind: "kill" }
  /** A write does its first half, then nothing is done any more. */
  | { readonly kind: "torn" };

/** A file system over another that counts operations. */
export class FaultyFileSystem implements FileSystem {
  operations = 0;
  #at: number;
  #fault: Fault;
  #base: FileSystem;

  /** @param at The operation, from 1, at which the fault strikes. */
  constructor(at: number, fault: Fault, base: FileSystem = realFileSystem) {
    this.#at = at;
    this.#fault = fault;
    this.#base = base;
  }

  makeDirectory(path: string): void {
    this.#step();
    this.#base.makeDirectory(path);
  }

  create(path: string): OutputFile {
    this.#step();
    const file = this.#base.create(path);
    return {
      write: (bytes) => {
        this.#step(() => file.write(bytes.subarray(0, bytes.length >> 1)));
        file.write(bytes);
      },
      sync: () => {
        this.#step();
        file.sync();
      },
      [Symbol.dispose]: () => file[Symbol.dispose](),
    };
  }

  rename(from: string, to: string): void {
    this.#step();
    this.#base.rename(from, to);
  }

  syncDirectory(path: string): void {
    this.#step();
    this.#base.syncDirectory(path);
  }

  remove(path: string): void {
    this.#step();
    this.#base.remove(path);
  }

  removeTree(path: string): void {
    this.#step(() => removeFirst(path));
    this.#base.removeTree(path);
  }

  #step(half?: () => void): void {
    this.operations++;
    if (this.#fault.kind === "error") {
      if (this.operations === this.#at) throw this.#fault.error;
      return;
    }
    if (this.operations < this.#at) return;
    if (this.operations === this.#at && this.#fault.kind === "torn") half?.();
    throw new Killed(`Killed at operation ${this.operations}`);
  }
}

/** A tree that is torn down half. */
function removeFirst(path: string): void {
  try {
    const [first] = Deno.readDirSync(path);
    if (first !== undefined) realFileSystem.removeTree(join(path, first.name));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
