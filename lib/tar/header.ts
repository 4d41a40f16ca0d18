/**
 * The header of a member of a tar archive: ustar, its ancestor of 1979, and GNU's.
 * Format: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
 *
 * @module
 */

/** All of a tar archive is in blocks of this size. Bytes. */
export const TAR_BLOCK = 512;

/** What is wrong with a tar archive: the part of a message after its colon. */
export class TarFault extends Error {
  override name = "TarFault";
}

/** What follows a header. */
export type TarKind =
  /** The content of a file. */
  | "file"
  /** Nothing: another member's content is meant, or that of a file elsewhere. */
  | "link"
  /** The content of a file without its zeros, and where they were. */
  | "sparse"
  /** The name, the target or more of the member that comes next. */
  | "long name"
  | "long link"
  | "pax"
  /** Such for all members that follow. */
  | "global"
  /** Nothing, or what is no file: a folder, a device, the name of a volume. */
  | "other";

/** What a header says. */
export interface TarHeader {
  /** What is not UTF-8 in it is replaced by U+FFFD. */
  readonly name: string;
  /** Bytes that follow the header, without what fills the last block. */
  readonly size: number;
  readonly kind: TarKind;
  /** GNU sparse files: whether blocks with more about their holes follow the header. */
  readonly isExtended: boolean;
}

const KINDS: ReadonlyMap<string, TarKind> = new Map([
  ["0", "file"],
  ["\0", "file"],
  ["7", "file"],
  ["1", "link"],
  ["2", "link"],
  ["S", "sparse"],
  ["L", "long name"],
  ["K", "long link"],
  ["x", "pax"],
  ["g", "global"],
]);

/** Links, devices and folders: whatever size they state, nothing follows them. */
const WITHOUT_CONTENT = "123456";

const CHECKSUM_START = 148;
const CHECKSUM_END = 156;
const SPACE = 0x20;
const EXTENDED_FLAG = 482;
const decoder = new TextDecoder();

/**
 * Reads a header.
 *
 * @param block 512 bytes.
 * @returns null for a block of zeros, which ends the archive.
 * @throws {TarFault} If its checksum or its size is none.
 */
export function readTarHeader(block: Uint8Array): TarHeader | null {
  if (block.every((byte) => byte === 0)) return null;
  if (!isTarHeader(block)) throw new TarFault("a header of its tar archive is damaged");
  const type = String.fromCharCode(block[156] ?? 0);
  const isPosix = text(block, 257, 263) === "ustar";
  const prefix = isPosix ? text(block, 345, 500) : "";
  const short = text(block, 0, 100);
  const name = prefix === "" ? short : `${prefix}/${short}`;
  return {
    name,
    size: WITHOUT_CONTENT.includes(type) ? 0 : sizeOf(block),
    kind: kindOf(type, name),
    isExtended: type === "S" && block[EXTENDED_FLAG] === 1,
  };
}

/** Whether a block has the checksum of a header. */
export function isTarHeader(block: Uint8Array): boolean {
  const stated = text(block, CHECKSUM_START, CHECKSUM_END).trim();
  if (!/^[0-7]+$/.test(stated)) return false;
  const { unsigned, signed } = checksums(block);
  const sum = Number.parseInt(stated, 8);
  return sum === unsigned || sum === signed;
}

/** Archives of before 1988 know no folders but files whose names end in a slash. */
function kindOf(type: string, name: string): TarKind {
  const kind = KINDS.get(type) ?? "other";
  return kind === "file" && name.endsWith("/") ? "other" : kind;
}

/** The sum of all bytes, those of the checksum itself counted as spaces. Some tars took them as signed. */
function checksums(block: Uint8Array): { unsigned: number; signed: number } {
  let unsigned = 0;
  let signed = 0;
  for (let at = 0; at < TAR_BLOCK; at++) {
    const isOwn = at >= CHECKSUM_START && at < CHECKSUM_END;
    const byte = isOwn ? SPACE : block[at] ?? 0;
    unsigned += byte;
    signed += byte < 0x80 ? byte : byte - 0x100;
  }
  return { unsigned, signed };
}

/** Octal, or for files of 8 GiB and more binary with the first bit set. */
function sizeOf(block: Uint8Array): number {
  const first = block[124] ?? 0;
  if (first < 0x80) return octalSize(text(block, 124, 136).trim());
  const size = block.subarray(125, 136).reduce((value, byte) => value * 256 + byte, first & 0x7f);
  if (!Number.isSafeInteger(size)) throw new TarFault(`its tar archive has a size of ${size}`);
  return size;
}

function octalSize(digits: string): number {
  // Some writers leave the size of an empty file blank.
  if (digits === "") return 0;
  if (!/^[0-7]+$/.test(digits)) throw new TarFault("a header of its tar archive is damaged");
  return Number.parseInt(digits, 8);
}

function text(block: Uint8Array, start: number, end: number): string {
  const zero = block.indexOf(0, start);
  return decoder.decode(block.subarray(start, zero < 0 ? end : Math.min(zero, end)));
}
