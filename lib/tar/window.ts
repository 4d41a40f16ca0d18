/**
 * Reading a file here and there, where what is read next often lies close by.
 *
 * @module
 */

/** Bytes that can be read at any offset. */
export interface TarBytes {
  /** Bytes in all. */
  readonly size: number;
  /**
   * Up to `length` bytes from `offset` on: fewer only where the file ends. They change with the
   * next call.
   */
  read(offset: number, length: number): Uint8Array;
}

/** A header, a small text and the header after it. Bytes. */
const DEFAULT_WINDOW = 8192;

/** A file as `TarBytes`: a small read takes what lies behind it along. */
export class FileWindow implements TarBytes, Disposable {
  readonly size: number;
  readonly #file: Deno.FsFile;
  #window: Uint8Array<ArrayBuffer>;
  #start = 0;
  #length = 0;

  /** @throws What `Deno.openSync` throws. */
  constructor(path: string) {
    this.#file = Deno.openSync(path);
    this.#window = new Uint8Array(DEFAULT_WINDOW);
    this.size = this.#file.statSync().size;
  }

  read(offset: number, length: number): Uint8Array {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    if (offset < this.#start || offset + wanted > this.#start + this.#length) {
      this.#fill(offset, wanted);
    }
    const from = offset - this.#start;
    return this.#window.subarray(from, Math.min(from + wanted, this.#length));
  }

  #fill(offset: number, length: number): void {
    const room = Math.max(length, DEFAULT_WINDOW);
    if (this.#window.length !== room) this.#window = new Uint8Array(room);
    this.#start = offset;
    this.#length = 0;
    this.#file.seekSync(offset, Deno.SeekMode.Start);
    while (this.#length < room) {
      const count = this.#file.readSync(this.#window.subarray(this.#length));
      if (count === null) return;
      this.#length += count;
    }
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}
