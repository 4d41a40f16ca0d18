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
const ZERO = 0x30;
const SEVEN = 0x37;
const POSIX_MAGIC = [0x75, 0x73, 0x74, 0x61, 0x72, 0];
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
  const prefix = isPosix(block) ? text(block, 345, 500) : "";
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
  const stated = octal(block, CHECKSUM_START, CHECKSUM_END);
  const { unsigned, signed } = checksums(block);
  return stated === unsigned || stated === signed;
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
  // Some writers leave the size of what is empty blank.
  const size = first < 0x80
    ? octal(block, 124, 136) ?? 0
    : block.subarray(125, 136).reduce((value, byte) => value * 256 + byte, first & 0x7f);
  if (Number.isSafeInteger(size)) return size;
  throw new TarFault(`its tar archive has a size of ${size}`);
}

/** Digits up to a NUL or a space, after any spaces; null for none, NaN for what is no number. */
function octal(block: Uint8Array, start: number, end: number): number | null {
  let value: number | null = null;
  for (let at = start; at < end; at++) {
    const byte = block[at] ?? 0;
    if (byte === SPACE && value === null) continue;
    if (byte === 0 || byte === SPACE) break;
    if (byte < ZERO || byte > SEVEN) return NaN;
    value = (value ?? 0) * 8 + byte - ZERO;
  }
  return value;
}

/** `ustar` and a NUL: the name may go on in the prefix. GNU has a space there, and times. */
function isPosix(block: Uint8Array): boolean {
  return POSIX_MAGIC.every((byte, at) => block[257 + at] === byte);
}

function text(block: Uint8Array, start: number, end: number): string {
  const zero = block.indexOf(0, start);
  const stop = zero < 0 ? end : Math.min(zero, end);
  return start === stop ? "" : decoder.decode(block.subarray(start, stop));
}
