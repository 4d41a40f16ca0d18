/**
 * Whether the pages of an Ogg file are sound (RFC 3533, section 6).
 *
 * FFmpeg drops damaged pages in silence, and an Ogg file declares no length that would show it.
 * The pages are numbered and carry checksums, so that damage can be told from them alone.
 *
 * @module
 */
import type { ByteSource } from "./byte_source.ts";
import type { AudioFault } from "./failure.ts";
import { oggChecksum } from "./ogg_checksum.ts";

const HEADER_LENGTH = 27;
const LARGEST_HEADER = HEADER_LENGTH + 255;
const LAST_PAGE_FLAG = 4;

interface OggPage {
  readonly serial: number;
  readonly sequence: number;
  readonly isLast: boolean;
  readonly length: number;
}

/**
 * Looks for the first damaged page.
 *
 * @param source The file.
 * @param end Look at pages that begin before this byte.
 * @returns What is wrong, or null.
 */
export function oggFault(source: ByteSource, end: number): AudioFault | null {
  const expected = new Map<number, number>();
  let position = 0;
  for (let count = 0; position < end; count++) {
    const page = readHeader(source.read(position, LARGEST_HEADER));
    // Tags and padding may follow when every stream has ended.
    if (page === "no page") return expected.size === 0 ? null : lost(count);
    if (page === "cut" || position + page.length > source.size) return cut(count);
    if (!hasTrueChecksum(source.read(position, page.length))) return lost(count);
    const sequence = expected.get(page.serial) ?? page.sequence;
    if (page.sequence !== sequence) return lost(count);
    if (page.isLast) expected.delete(page.serial);
    else expected.set(page.serial, (page.sequence + 1) % 2 ** 32);
    position += page.length;
  }
  return null;
}

function readHeader(
  bytes: Uint8Array<ArrayBuffer>,
): OggPage | "no page" | "cut" {
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  if (!"OggS".startsWith(start)) return "no page";
  const segments = bytes[26];
  if (segments === undefined) return "cut";
  const lacing = bytes.subarray(HEADER_LENGTH, HEADER_LENGTH + segments);
  if (lacing.length < segments) return "cut";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    serial: view.getUint32(14, true),
    sequence: view.getUint32(18, true),
    isLast: (view.getUint8(5) & LAST_PAGE_FLAG) !== 0,
    length: lacing.reduce((sum, size) => sum + size, HEADER_LENGTH + segments),
  };
}

function hasTrueChecksum(page: Uint8Array<ArrayBuffer>): boolean {
  const view = new DataView(page.buffer, page.byteOffset, page.length);
  return oggChecksum(page) === view.getUint32(22, true);
}

function lost(page: number): AudioFault {
  return {
    reason: "corrupt_audio",
    state: `page ${page + 1} of the Ogg stream is damaged or missing`,
  };
}

function cut(page: number): AudioFault {
  return {
    reason: "truncated_audio",
    state: `the file ends inside page ${page + 1} of the Ogg stream`,
  };
}
