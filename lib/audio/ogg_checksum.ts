/**
 * The checksum of Ogg pages: CRC-32 with polynomial 0x04c11db7, not reflected, starting at 0
 * (RFC 3533, section 6).
 *
 * @module
 */

const POLYNOMIAL = 0x04c11db7;

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) {
    value = value < 0 ? (value << 1) ^ POLYNOMIAL : value << 1;
  }
  return value;
});

/** Where a page keeps its checksum: these bytes count as 0. */
const FIELD = 22;

/** The checksum that a page should carry. */
export function oggChecksum(page: Uint8Array): number {
  let value = 0;
  for (let index = 0; index < page.length; index++) {
    const inField = index >= FIELD && index < FIELD + 4;
    const byte = inField ? 0 : page[index] ?? 0;
    value = (value << 8) ^ (TABLE[(value >>> 24) ^ byte] ?? 0);
  }
  return value >>> 0;
}
