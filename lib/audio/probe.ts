/**
 * How long a file is, told from its header alone.
 *
 * @module
 */
import { statSync } from "node:fs";
import { type ByteSource, FileSource } from "./byte_source.ts";
import { readFlacHeader } from "./flac_header.ts";
import { sampleRateFault } from "./sample_rate.ts";
import { isWav, SIGNATURE_LENGTH } from "./signature.ts";
import { readWavHeader } from "./wav_header.ts";

/**
 * Tells how long the audio in a file is, if its header says so exactly.
 *
 * One read of a few kilobytes and no native code, so that planning can ask it of a million files.
 * Knows WAV and FLAC. It is a hint for planning: whether the file is sound shows in decoding.
 *
 * @returns Seconds, or null if the header does not tell, or there is no such file.
 */
export function probeDuration(path: string): number | null {
  try {
    const stats = statSync(path);
    if (!stats.isFile() || stats.size === 0) return null;
    using source = new FileSource(path, stats.size);
    return declaredDuration(source);
  } catch {
    // Whatever keeps the header from being read will be named when the file is decoded.
    return null;
  }
}

function declaredDuration(source: ByteSource): number | null {
  return isWav(source.read(0, SIGNATURE_LENGTH)) ? wavDuration(source) : flacDuration(source);
}

function wavDuration(source: ByteSource): number | null {
  const header = readWavHeader(source);
  if (header.kind === "fault" || header.encoding === null) return null;
  if (!header.sizeDeclared) return null;
  return Math.floor(header.dataSize / header.frameSize) / header.sampleRate;
}

function flacDuration(source: ByteSource): number | null {
  const header = readFlacHeader(source);
  if (header === null || header.totalSamples === null) return null;
  if (sampleRateFault(header.sampleRate) !== null) return null;
  return header.totalSamples / header.sampleRate;
}
