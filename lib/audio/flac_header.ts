/**
 * The STREAMINFO block of a FLAC file (RFC 9639, section 8.2).
 *
 * @module
 */
import type { ByteSource } from "./byte_source.ts";

/** What STREAMINFO declares. */
export interface FlacHeader {
  /** Hz; 0 in a damaged header. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of each channel; null where the encoder did not know. */
  readonly totalSamples: number | null;
}

/** Marker, block header, and the part of the block before its MD5. Bytes. */
const PREFIX_LENGTH = 4 + 4 + 18;

/** Reads the header of a FLAC file; null if it is none. An ID3 tag before it is stepped over. */
export function readFlacHeader(source: ByteSource): FlacHeader | null {
  const bytes = source.read(id3Length(source), PREFIX_LENGTH);
  if (bytes.length < PREFIX_LENGTH) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isFlac = view.getUint32(0) === 0x664c6143;
  const isStreamInfo = ((bytes[4] ?? 0) & 0x7f) === 0;
  if (!isFlac || !isStreamInfo) return null;
  const packed = view.getUint32(18);
  const totalSamples = (packed & 0xf) * 2 ** 32 + view.getUint32(22);
  return {
    sampleRate: packed >>> 12,
    channels: ((packed >>> 9) & 7) + 1,
    totalSamples: totalSamples === 0 ? null : totalSamples,
  };
}

/** Bytes of an ID3v2 tag at the beginning; its size is four groups of seven bits. */
function id3Length(source: ByteSource): number {
  const bytes = source.read(0, 10);
  if (String.fromCharCode(...bytes.subarray(0, 3)) !== "ID3") return 0;
  return 10 + bytes.subarray(6, 10).reduce((size, byte) => size * 128 + byte, 0);
}
