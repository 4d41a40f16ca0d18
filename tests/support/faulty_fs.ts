/** A file system that fails, or is killed, at its k-th operation. */
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

/** A file system over the real one that counts operations. */
export class FaultyFileSystem implements FileSystem {
  operations = 0;
  #at: number;
  #fault: Fault;

  /** @param at The operation, from 1, at which the fault strikes. */
  constructor(at: number, fault: Fault) {
    this.#at = at;
    this.#fault = fault;
  }

  makeDirectory(path: string): void {
    this.#step();
    realFileSystem.makeDirectory(path);
  }

  create(path: string): OutputFile {
    this.#step();
    const file = realFileSystem.create(path);
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
    realFileSystem.rename(from, to);
  }

  syncDirectory(path: string): void {
    this.#step();
    realFileSystem.syncDirectory(path);
  }

  remove(path: string): void {
    this.#step();
    realFileSystem.remove(path);
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
