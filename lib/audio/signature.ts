/**
 * Telling a container by its first bytes.
 *
 * @module
 */

/** Bytes that {@linkcode containerName} looks at. */
export const SIGNATURE_LENGTH = 12;

interface Signature {
  readonly name: string;
  readonly offset: number;
  readonly text: string;
}

const SIGNATURES: readonly Signature[] = [
  { name: "WAV", offset: 8, text: "WAVE" },
  { name: "FLAC", offset: 0, text: "fLaC" },
  { name: "Ogg", offset: 0, text: "OggS" },
  { name: "MP4", offset: 4, text: "ftyp" },
  { name: "Matroska", offset: 0, text: "\x1a\x45\xdf\xa3" },
  { name: "AIFF", offset: 8, text: "AIF" },
  { name: "AVI", offset: 8, text: "AVI " },
  { name: "CAF", offset: 0, text: "caff" },
  { name: "AU", offset: 0, text: ".snd" },
  { name: "ASF", offset: 0, text: "\x30\x26\xb2\x75" },
  { name: "WavPack", offset: 0, text: "wvpk" },
  { name: "MP3", offset: 0, text: "ID3" },
];

/** The container that the first bytes of a file announce, for people; null if none does. */
export function containerName(head: Uint8Array): string | null {
  const text = String.fromCharCode(...head.subarray(0, SIGNATURE_LENGTH));
  const found = SIGNATURES.find((signature) => text.startsWith(signature.text, signature.offset));
  return found?.name ?? null;
}

/** Whether the first bytes of a file are those of a WAV file, 64-bit kinds included. */
export function isWav(head: Uint8Array): boolean {
  const text = String.fromCharCode(...head.subarray(0, SIGNATURE_LENGTH));
  return /^(RIFF|RF64|BW64)[^]{4}WAVE/.test(text);
}
