/**
 * An Arrow file on disk.
 *
 * @module
 */
import { ArrowFault } from "./flatbuffer.ts";
import type { ArrowBytes } from "./messages.ts";

/** A file as `ArrowBytes`. */
export class ArrowFile implements ArrowBytes, Disposable {
  readonly size: number;
  readonly #file: Deno.FsFile;

  /** @throws What `Deno.openSync` throws. */
  constructor(path: string) {
    this.#file = Deno.openSync(path);
    this.size = this.#file.statSync().size;
  }

  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    if (offset + length > this.size) throw this.#cut(offset + length);
    const bytes = new Uint8Array(length);
    this.#file.seekSync(offset, Deno.SeekMode.Start);
    for (let filled = 0; filled < length;) {
      const count = this.#file.readSync(bytes.subarray(filled));
      if (count === null) throw this.#cut(offset + length);
      filled += count;
    }
    return bytes;
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  #cut(end: number): ArrowFault {
    return new ArrowFault(`it is cut: it ends at byte ${this.size}, before byte ${end}`);
  }
}
