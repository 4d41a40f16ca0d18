/**
 * The header of a WAV file.
 *
 * Chunks as in "Multimedia Programming Interface and Data Specifications 1.0" (RIFF), the
 * extensible format as in Microsoft's `WAVEFORMATEXTENSIBLE`, 64-bit sizes as in EBU Tech 3306.
 *
 * @module
 */
import type { ByteSource } from "./byte_source.ts";
import { type AudioFault, endsEarly, holdsNoSamples } from "./failure.ts";
import { sampleRateFault } from "./sample_rate.ts";
import { type WavChunk, wavChunks } from "./wav_chunks.ts";

/** Sample formats that are read here; the others are left to FFmpeg. */
export type WavEncoding = "u8" | "s16" | "s24" | "s32" | "f32" | "f64";

/** A header that describes audio. */
export interface WavHeader {
  readonly kind: "audio";
  /** Null for formats that FFmpeg decodes: µ-law, ADPCM and the like. */
  readonly encoding: WavEncoding | null;
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Bytes of one sample of every channel, for PCM. */
  readonly frameSize: number;
  /** Where the samples begin, in bytes. */
  readonly dataOffset: number;
  /** Bytes of samples that are there. */
  readonly dataSize: number;
  /** Whether the header knew `dataSize`; false for recordings whose writer never came back to fill it in. */
  readonly sizeDeclared: boolean;
}

/** A header that describes none, and why. */
export interface WavFault {
  readonly kind: "fault";
  readonly fault: AudioFault;
}

/** From here on, a data size larger than the file means "until the end", as streams write it. */
const STREAMED_SIZE = 0x7ffff000;

interface Format {
  readonly tag: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly frameSize: number;
  readonly bits: number;
}

/** Reads the header of a WAV file: RIFF, RF64 or BW64. */
export function readWavHeader(source: ByteSource): WavHeader | WavFault {
  let format: Format | null = null;
  for (const chunk of wavChunks(source)) {
    if (chunk.id === "fmt ") format = parseFormat(chunk.read(40));
    if (chunk.id !== "data") continue;
    if (format === null) {
      return corrupt("the WAV header describes no sample format");
    }
    return describe(source, chunk, format);
  }
  return format === null
    ? corrupt("the WAV header describes no sample format")
    : { kind: "fault", fault: holdsNoSamples("the WAV file") };
}

function describe(
  source: ByteSource,
  chunk: WavChunk,
  format: Format,
): WavHeader | WavFault {
  if (format.channels === 0) {
    return corrupt("the WAV header declares 0 channels");
  }
  const rateFault = sampleRateFault(format.sampleRate);
  if (rateFault !== null) return { kind: "fault", fault: rateFault };
  const available = source.size - chunk.offset;
  const sizeDeclared = !isUnknownSize(source, chunk, available);
  const dataSize = sizeDeclared ? Math.min(chunk.size, available) : available;
  if (dataSize === 0 && (chunk.size === 0 || !sizeDeclared)) {
    return { kind: "fault", fault: holdsNoSamples("the WAV file") };
  }
  const encoding = encodingOf(format);
  if (sizeDeclared && chunk.size > available) {
    return { kind: "fault", fault: truncation(format, encoding, available, chunk.size) };
  }
  const { sampleRate, channels, frameSize } = format;
  if (encoding !== null && dataSize < frameSize) {
    return { kind: "fault", fault: holdsNoSamples("the WAV file") };
  }
  return {
    kind: "audio",
    encoding,
    sampleRate,
    channels,
    frameSize,
    dataOffset: chunk.offset,
    dataSize,
    sizeDeclared,
  };
}

function truncation(
  format: Format,
  encoding: WavEncoding | null,
  available: number,
  declared: number,
): AudioFault {
  const bytesPerSecond = format.frameSize * format.sampleRate;
  return encoding === null
    // The header's own bytes per second are an average, and often a wrong one.
    ? {
      reason: "truncated_audio",
      state: `the file ends after ${available} of ${declared} bytes of audio`,
    }
    : endsEarly(available / bytesPerSecond, declared / bytesPerSecond);
}

/**
 * Whether the declared size is what a writer leaves that cannot seek back: a huge number, or 0
 * with bytes behind it that are no chunks.
 */
function isUnknownSize(
  source: ByteSource,
  chunk: WavChunk,
  available: number,
): boolean {
  if (chunk.isLong) return false;
  if (chunk.size >= STREAMED_SIZE) return chunk.size > available;
  if (chunk.size > 0 || available === 0) return false;
  const rest = [...wavChunks(source, chunk.offset)];
  const last = rest.at(-1);
  const tidy = last !== undefined && last.offset + last.size <= source.size &&
    rest.every((part) => /^[\x20-\x7e]{4}$/.test(part.id));
  return !tidy;
}

function parseFormat(bytes: Uint8Array<ArrayBuffer>): Format | null {
  if (bytes.length < 16) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const tag = view.getUint16(0, true);
  return {
    tag: tag === 0xfffe ? extensibleTag(bytes) : tag,
    channels: view.getUint16(2, true),
    sampleRate: view.getUint32(4, true),
    frameSize: view.getUint16(12, true),
    bits: view.getUint16(14, true),
  };
}

/** Bytes 2 to 15 of every `KSDATAFORMAT_SUBTYPE` that is made from a plain format tag. */
const TAGGED_SUBTYPE = "000000001000800000aa00389b71";

/** The plain format tag inside an extensible format; 0xfffe if there is none. */
function extensibleTag(bytes: Uint8Array): number {
  const rest = Array.from(
    bytes.subarray(26, 40),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
  if (rest !== TAGGED_SUBTYPE) return 0xfffe;
  return (bytes[24] ?? 0) | ((bytes[25] ?? 0) << 8);
}

const ENCODINGS: ReadonlyMap<string, WavEncoding> = new Map([
  ["1:8", "u8"],
  ["1:16", "s16"],
  ["1:24", "s24"],
  ["1:32", "s32"],
  ["3:32", "f32"],
  ["3:64", "f64"],
]);

function encodingOf(format: Format): WavEncoding | null {
  const { tag, bits, channels, frameSize } = format;
  if (frameSize * 8 !== bits * channels) return null;
  return ENCODINGS.get(`${tag}:${bits}`) ?? null;
}

function corrupt(state: string): WavFault {
  return { kind: "fault", fault: { reason: "corrupt_audio", state } };
}
