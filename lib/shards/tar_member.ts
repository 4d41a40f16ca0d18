/**
 * Members of a tar archive as bytes: ustar, with a pax header where a name needs one.
 * Format: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
 *
 * @module
 */
import { TAR_BLOCK } from "../tar/header.ts";

/** Longest name that a header itself holds. Bytes. */
const NAME_LENGTH = 100;
const NAME_IN_HEADER = /^[\x20-\x7e]*$/;
const CHECKSUM = { start: 148, end: 156 };
/** Bytes; eleven octal digits. */
const SIZE_END = 8 ** 11;

const encoder = new TextEncoder();

/** What an archive ends with. */
export const TAR_END: Uint8Array = new Uint8Array(2 * TAR_BLOCK);

/**
 * A file in an archive: header, content, zeros up to the end of the block. It has no time and no
 * owner, so that the same files are the same bytes.
 *
 * @throws {RangeError} If the content is 8 GiB or more.
 */
export function tarMember(name: string, content: Uint8Array): Uint8Array[] {
  const fits = NAME_IN_HEADER.test(name) && name.length <= NAME_LENGTH;
  if (fits) return entry(name, "0", content);
  const short = name.replace(/[^\x20-\x7e]/gu, "_").slice(0, NAME_LENGTH);
  const extension = encoder.encode(paxRecord("path", name));
  return [...entry("PaxHeader", "x", extension), ...entry(short, "0", content)];
}

function entry(name: string, type: string, content: Uint8Array): Uint8Array[] {
  const padding = (TAR_BLOCK - content.length % TAR_BLOCK) % TAR_BLOCK;
  return [header(name, type, content.length), content, new Uint8Array(padding)];
}

function header(name: string, type: string, size: number): Uint8Array {
  if (size >= SIZE_END) throw new RangeError(`Cannot write '${name}': it has ${size} bytes`);
  const block = new Uint8Array(TAR_BLOCK);
  const fields: readonly (readonly [offset: number, text: string])[] = [
    [0, name],
    [100, octal(0o644, 7)],
    // Owner and group.
    [108, octal(0, 7)],
    [116, octal(0, 7)],
    [124, octal(size, 11)],
    // Time of change.
    [136, octal(0, 11)],
    [CHECKSUM.start, " ".repeat(CHECKSUM.end - CHECKSUM.start)],
    [156, type],
    [257, "ustar\0" + "00"],
  ];
  for (const [offset, text] of fields) block.set(encoder.encode(text), offset);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.set(encoder.encode(`${octal(sum, 6)}\0 `), CHECKSUM.start);
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

/** `27 path=a/long/name\n`: the number counts the bytes of the record, its own digits too. */
function paxRecord(field: string, value: string): string {
  const rest = encoder.encode(` ${field}=${value}\n`).length;
  let length = rest + String(rest).length;
  if (rest + String(length).length > length) length++;
  return `${length} ${field}=${value}\n`;
}
