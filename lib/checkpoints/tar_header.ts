/**
 * The header of a member of a tar archive.
 *
 * @module
 */
import { damaged } from "./fault.ts";

/** All of a tar archive is in blocks of this size. Bytes. */
export const TAR_BLOCK = 512;

/** What a header says. */
export interface TarHeader {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Whether the member is a file, not a folder or a link. */
  readonly isFile: boolean;
  /** Whether its content speaks of the member after it, or of all members. */
  readonly kind: "other" | "long name" | "pax" | "global";
}

const KINDS: ReadonlyMap<string, TarHeader["kind"]> = new Map([
  ["L", "long name"],
  ["x", "pax"],
  ["g", "global"],
]);

const CHECKSUM_START = 148;
const CHECKSUM_END = 156;
const SPACE = 0x20;

/**
 * Reads a header.
 *
 * @param block 512 bytes.
 * @returns null for a block of zeros, which ends the archive.
 * @throws {CheckpointFault} if its checksum is wrong.
 */
export function readTarHeader(block: Uint8Array): TarHeader | null {
  if (block.every((byte) => byte === 0)) return null;
  if (checksum(block) !== octal(block, CHECKSUM_START, CHECKSUM_END)) {
    throw damaged("a header of its tar archive is damaged");
  }
  const type = String.fromCharCode(block[156] ?? 0);
  const prefix = text(block, 257, 263) === "ustar" ? text(block, 345, 500) : "";
  const name = text(block, 0, 100);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    size: sizeOf(block),
    isFile: type === "0" || type === "\0",
    kind: KINDS.get(type) ?? "other",
  };
}

/**
 * The fields of a pax header: `27 path=a/long/name\n`, the number being the length of the line.
 *
 * @throws {CheckpointFault} if it is not made of such lines.
 */
export function paxFields(content: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of content.split("\n").slice(0, -1)) {
    const [, name, value] = /^\d+ ([^=]+)=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw damaged("an extended header of its tar archive is damaged");
    }
    fields.set(name, value);
  }
  return fields;
}

/** The sum of all bytes, those of the checksum itself counted as spaces. */
function checksum(block: Uint8Array): number {
  return block.reduce(
    (sum, byte, at) => sum + (at >= CHECKSUM_START && at < CHECKSUM_END ? SPACE : byte),
    0,
  );
}

/** Octal, or for files of 8 GiB and more binary with the first bit set. */
function sizeOf(block: Uint8Array): number {
  const first = block[124] ?? 0;
  if (first < 0x80) return octal(block, 124, 136);
  const size = block.subarray(125, 136).reduce((value, byte) => value * 256 + byte, first & 0x7f);
  if (!Number.isSafeInteger(size)) throw damaged(`its tar archive has a size of ${size}`);
  return size;
}

function octal(block: Uint8Array, start: number, end: number): number {
  const digits = text(block, start, end).trim();
  if (!/^[0-7]+$/.test(digits)) throw damaged("a header of its tar archive is damaged");
  return Number.parseInt(digits, 8);
}

function text(block: Uint8Array, start: number, end: number): string {
  return new TextDecoder().decode(block.subarray(start, end)).replace(/\0.*$/s, "");
}
