/**
 * Bytes whose CRC-32 is known. It is checked before any of them is handed out.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import type { ByteSource } from "../byte_source.ts";
import { damaged } from "../fault.ts";

/** Read at once where a part alone is wanted. Bytes. */
const CHUNK_BYTES = 2 ** 22;

/** A source that throws if its content has not the expected CRC-32. */
export class ChecksummedSource implements ByteSource {
  readonly size: number;
  readonly #source: ByteSource;
  readonly #name: string;
  readonly #crc: number;
  #isChecked = false;

  /** @param name What messages call the content: `zip member 'archive/data/0'`. */
  constructor(source: ByteSource, name: string, crc: number) {
    this.size = source.size;
    this.#source = source;
    this.#name = name;
    this.#crc = crc;
  }

  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const isWhole = offset === 0 && length === this.size;
    if (!this.#isChecked && !isWhole) this.#check(await this.#crcByChunks());
    const bytes = await this.#source.read(offset, length);
    if (!this.#isChecked) this.#check(crc32(bytes));
    return bytes;
  }

  async #crcByChunks(): Promise<number> {
    let crc = 0;
    for (let offset = 0; offset < this.size; offset += CHUNK_BYTES) {
      const length = Math.min(CHUNK_BYTES, this.size - offset);
      crc = crc32(await this.#source.read(offset, length), crc);
    }
    return crc;
  }

  #check(crc: number): void {
    if (crc !== this.#crc) throw damaged(`the checksum of ${this.#name} is wrong`);
    this.#isChecked = true;
  }
}
