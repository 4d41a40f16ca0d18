/** Writes zip files as torch does, also such as are wrong, and larger than memory. */
import { crc32 } from "node:zlib";
import { concatenated } from "./safetensors_writer.ts";

/** A member: its bytes, or how many zeros that are not written. */
export interface WrittenMember {
  readonly name: string;
  readonly content: Uint8Array | number;
  /** @default that of the content, or 0 for zeros that are not written */
  readonly crc?: number;
  /** @default 0, stored */
  readonly method?: number;
  /** What the directory says of the start, if not the truth. */
  readonly claimedOffset?: number;
}

/** Bytes at a position of a file; what lies between pieces is zeros. */
export interface Piece {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Lays out a zip file. Sizes, offsets and the end of the directory take 64 bits if asked. */
export function zipPieces(members: readonly WrittenMember[], is64: boolean): Piece[] {
  const pieces: Piece[] = [];
  const records: Uint8Array[] = [];
  let end = 0;
  for (const member of members) {
    const header = localHeader(member);
    pieces.push({ at: end, bytes: header });
    records.push(directoryRecord(member, member.claimedOffset ?? end, is64));
    end += header.length;
    const { content } = member;
    if (typeof content !== "number") pieces.push({ at: end, bytes: content });
    end += sizeOf(member);
  }
  const directory = concatenated(records);
  const tail = directoryEnd(members.length, directory.length, end, is64);
  return [...pieces, { at: end, bytes: concatenated([directory, tail]) }];
}

/** A small zip file in memory. */
export function zipFile(members: readonly WrittenMember[], is64 = false): Uint8Array<ArrayBuffer> {
  const pieces = zipPieces(members, is64);
  const last = pieces.at(-1);
  const bytes = new Uint8Array(last === undefined ? 0 : last.at + last.bytes.length);
  for (const { at, bytes: part } of pieces) bytes.set(part, at);
  return bytes;
}

function sizeOf({ content }: WrittenMember): number {
  return typeof content === "number" ? content : content.length;
}

function crcOf({ content, crc }: WrittenMember): number {
  return crc ?? (typeof content === "number" ? 0 : crc32(content));
}

/** As torch writes it: sizes and checksum are told by the directory. */
function localHeader(member: WrittenMember): Uint8Array {
  const name = new TextEncoder().encode(member.name);
  const view = new DataView(new ArrayBuffer(30));
  view.setUint32(0, 0x04034b50, true);
  view.setUint16(6, 0x0808, true);
  view.setUint16(8, member.method ?? 0, true);
  view.setUint16(26, name.length, true);
  return concatenated([new Uint8Array(view.buffer), name]);
}

function directoryRecord(member: WrittenMember, offset: number, is64: boolean): Uint8Array {
  const name = new TextEncoder().encode(member.name);
  const size = sizeOf(member);
  const view = new DataView(new ArrayBuffer(46));
  view.setUint32(0, 0x02014b50, true);
  view.setUint16(8, 0x0808, true);
  view.setUint16(10, member.method ?? 0, true);
  view.setUint32(16, crcOf(member), true);
  for (const [field, value] of [[20, size], [24, size], [42, offset]] as const) {
    view.setUint32(field, is64 ? 0xffffffff : value, true);
  }
  view.setUint16(28, name.length, true);
  const extra = is64 ? extraField([size, size, offset]) : new Uint8Array();
  view.setUint16(30, extra.length, true);
  return concatenated([new Uint8Array(view.buffer), name, extra]);
}

/** A field that readers skip, then that of zip64. */
function extraField(values: readonly number[]): Uint8Array {
  const head = new Uint8Array(Uint16Array.of(0x4246, 2, 0, 1, 8 * values.length).buffer);
  return concatenated([head, new Uint8Array(BigUint64Array.from(values, BigInt).buffer)]);
}

function directoryEnd(entries: number, size: number, offset: number, is64: boolean): Uint8Array {
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(10, is64 ? 0xffff : entries, true);
  end.setUint32(12, is64 ? 0xffffffff : size, true);
  end.setUint32(16, is64 ? 0xffffffff : offset, true);
  const short = new Uint8Array(end.buffer);
  if (!is64) return short;
  const end64 = new DataView(new ArrayBuffer(76));
  end64.setUint32(0, 0x06064b50, true);
  for (const [field, value] of [[32, entries], [40, size], [48, offset]] as const) {
    end64.setBigUint64(field, BigInt(value), true);
  }
  end64.setUint32(56, 0x07064b50, true);
  end64.setBigUint64(64, BigInt(offset + size), true);
  return concatenated([new Uint8Array(end64.buffer), short]);
}
