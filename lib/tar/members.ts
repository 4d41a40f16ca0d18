/**
 * The members of a tar archive, found by their headers alone: contents are skipped, not read.
 *
 * @module
 */
import { isExtension, LONGEST_EXTENSION, readExtension, type TarExtension } from "./extension.ts";
import {
  isTarHeader,
  readTarHeader,
  TAR_BLOCK,
  TarFault,
  type TarHeader,
  type TarKind,
} from "./header.ts";
import type { TarBytes } from "./window.ts";

/** A member that is no extension of another. */
export interface TarMember {
  /** What is not UTF-8 in it is replaced by U+FFFD. */
  readonly name: string;
  readonly kind: Extract<TarKind, "file" | "link" | "sparse" | "other">;
  /** Where its content begins. Bytes. */
  readonly offset: number;
  /** Bytes of its content. */
  readonly size: number;
}

/** What a tar archive holds, one after the other. */
export type TarItem =
  | { readonly kind: "member"; readonly member: TarMember }
  | {
    /** Bytes that are no member, or a member that is not whole. What is around them is fine. */
    readonly kind: "damage";
    readonly byte: number;
    /** The member that is cut, if it is known. */
    readonly name: string | null;
    readonly detail: string;
    /** Whether nothing follows. */
    readonly isEnd: boolean;
  };

/** `ustar`, at byte 257 of all headers since 1988. */
const MAGIC = [0x75, 0x73, 0x74, 0x61, 0x72];
const MAGIC_START = 257;
/** GNU sparse files: the byte that tells whether one more block with holes follows. */
const MORE_HOLES = 504;
const SCAN_BYTES = 128 * TAR_BLOCK;

/**
 * Lists the members. A damaged header costs the members up to the next good one; archives that
 * were joined one after the other are one.
 *
 * @throws What reading throws.
 */
export function* listMembers(bytes: TarBytes): Generator<TarItem, void, void> {
  const scan = new Scan(bytes);
  while (!scan.isDone) {
    const item = scan.next();
    if (item !== null) yield item;
  }
}

class Scan {
  readonly #bytes: TarBytes;
  #position = 0;
  /** What the headers before said of the member that comes now. */
  #extension: TarExtension = {};
  /** Whether the mark of the end was the last thing seen. */
  #hasEnded = false;
  isDone = false;

  constructor(bytes: TarBytes) {
    this.#bytes = bytes;
  }

  next(): TarItem | null {
    if (this.#position >= this.#bytes.size) return this.#end();
    try {
      return this.#step();
    } catch (error) {
      if (!(error instanceof TarFault)) throw error;
      return this.#skipDamage(error.message);
    }
  }

  #step(): TarItem | null {
    const block = this.#bytes.read(this.#position, TAR_BLOCK);
    if (block.length < TAR_BLOCK) return this.#cut(null);
    const header = readTarHeader(block);
    this.#hasEnded = header === null;
    if (header === null) {
      this.#position = this.#findBlock(this.#position, (block) => block.some((byte) => byte !== 0));
      return null;
    }
    return isExtension(header.kind) ? this.#extend(header) : this.#member(header);
  }

  #extend(header: TarHeader): TarItem | null {
    const { size, kind } = header;
    if (size > LONGEST_EXTENSION) {
      throw new TarFault(`its tar archive has an extended header of ${size} bytes`);
    }
    const start = this.#position + TAR_BLOCK;
    const content = this.#bytes.read(start, size);
    if (content.length < size) return this.#cut(null);
    this.#extension = { ...this.#extension, ...readExtension(kind, content) };
    this.#position = start + wholeBlocks(size);
    return null;
  }

  #member(header: TarHeader): TarItem {
    const { kind } = header;
    const extension = this.#extension;
    const name = extension.name ?? header.name;
    const size = kind === "link" ? 0 : extension.size ?? header.size;
    const offset = this.#contentOf(header);
    if (offset + size > this.#bytes.size) return this.#cut(name);
    this.#position = offset + wholeBlocks(size);
    this.#extension = {};
    const ownKind = extension.isSparse && kind === "file" ? "sparse" : memberKind(kind);
    return { kind: "member", member: { name, kind: ownKind, offset, size } };
  }

  #contentOf(header: TarHeader): number {
    let offset = this.#position + TAR_BLOCK;
    for (let more = header.isExtended; more; offset += TAR_BLOCK) {
      more = this.#bytes.read(offset, TAR_BLOCK)[MORE_HOLES] === 1;
    }
    return offset;
  }

  #cut(name: string | null): TarItem {
    this.isDone = true;
    const { size } = this.#bytes;
    const within = name === null ? "a header" : `'${name}'`;
    const detail = `the tar is cut: it ends at byte ${size}, within ${within}`;
    return { kind: "damage", byte: this.#position, name, detail, isEnd: true };
  }

  #skipDamage(problem: string): TarItem {
    const start = this.#position;
    this.#extension = {};
    this.#position = this.#findBlock(start + TAR_BLOCK, looksLikeHeader);
    const end = this.#position;
    // What is wrong before the end of the file is no want of an end.
    this.#hasEnded = end >= this.#bytes.size;
    const detail = `${problem}: bytes ${start} to ${end - 1} cannot be read`;
    return { kind: "damage", byte: start, name: null, detail, isEnd: this.#hasEnded };
  }

  #end(): TarItem | null {
    this.isDone = true;
    if (this.#hasEnded) return null;
    const detail = "the tar has no end mark: it may be cut";
    return { kind: "damage", byte: this.#bytes.size, name: null, detail, isEnd: true };
  }

  /** The first block from here on that is such; the size of the archive if there is none. */
  #findBlock(start: number, isSuch: (block: Uint8Array) => boolean): number {
    for (let position = start; position < this.#bytes.size; position += SCAN_BYTES) {
      const bytes = this.#bytes.read(position, SCAN_BYTES);
      for (let at = 0; at < bytes.length; at += TAR_BLOCK) {
        if (isSuch(bytes.subarray(at, at + TAR_BLOCK))) return position + at;
      }
    }
    return this.#bytes.size;
  }
}

function memberKind(kind: TarKind): TarMember["kind"] {
  return kind === "file" || kind === "link" || kind === "sparse" ? kind : "other";
}

function looksLikeHeader(block: Uint8Array): boolean {
  return MAGIC.every((byte, at) => block[MAGIC_START + at] === byte) && isTarHeader(block);
}

function wholeBlocks(size: number): number {
  return Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
}
