/**
 * Reading PCM out of a WAV file.
 *
 * @module
 */
import type { AudioInput } from "./audio_input.ts";
import { decodeFailure, endsEarly } from "./failure.ts";
import { MonoBuffer } from "./mono_buffer.ts";
import type { PcmBlock, PcmSamples } from "./mono_mixer.ts";
import { rangeFault, sampleRange, type Segment } from "./segment.ts";
import type { SourcePcm } from "./source_pcm.ts";
import type { WavEncoding, WavHeader } from "./wav_header.ts";

/** Read at once, in samples of every channel. */
const BLOCK_LENGTH = 65536;

/**
 * Reads a segment of a WAV file, touching no byte outside it.
 *
 * @param header Of a format that is read here: its encoding is not null.
 * @throws {SampleError} `bad_segment`; `truncated_audio` if the file shrinks meanwhile.
 */
export function readWavSamples(
  { label, source }: AudioInput,
  header: WavHeader & { readonly encoding: WavEncoding },
  segment: Segment,
): SourcePcm {
  const { sampleRate, channels, frameSize } = header;
  const total = Math.floor(header.dataSize / frameSize);
  const range = sampleRange(label, segment, sampleRate);
  const fault = rangeFault(range, segment, sampleRate, total);
  if (fault !== null) throw decodeFailure(label, fault);
  const end = Math.min(range.end, total);
  const buffer = new MonoBuffer({ first: range.first, end }, {
    position: range.first,
    expected: end,
  });
  while (buffer.hungry) {
    const count = Math.min(BLOCK_LENGTH, end - buffer.position);
    const offset = header.dataOffset + buffer.position * frameSize;
    const bytes = source.read(offset, count * frameSize);
    if (bytes.length < count * frameSize) {
      const there = buffer.position + Math.floor(bytes.length / frameSize);
      throw decodeFailure(label, endsEarly(there / sampleRate, total / sampleRate));
    }
    buffer.append(pcmBlock(bytes, header.encoding, channels), count);
  }
  return { pcm: buffer.take(), sampleRate, channels };
}

interface EncodingTraits {
  readonly zero: number;
  readonly scale: number;
  /** Views bytes that begin at a multiple of 8 in their buffer as samples. */
  readonly view: (bytes: Uint8Array<ArrayBuffer>) => PcmSamples;
}

const TRAITS: Readonly<Record<WavEncoding, EncodingTraits>> = {
  u8: { zero: 128, scale: 2 ** -7, view: (bytes) => bytes },
  s16: {
    zero: 0,
    scale: 2 ** -15,
    view: ({ buffer, byteOffset, length }) => new Int16Array(buffer, byteOffset, length / 2),
  },
  s24: { zero: 0, scale: 2 ** -31, view: widen24 },
  s32: {
    zero: 0,
    scale: 2 ** -31,
    view: ({ buffer, byteOffset, length }) => new Int32Array(buffer, byteOffset, length / 4),
  },
  f32: {
    zero: 0,
    scale: 1,
    view: ({ buffer, byteOffset, length }) => new Float32Array(buffer, byteOffset, length / 4),
  },
  f64: {
    zero: 0,
    scale: 1,
    view: ({ buffer, byteOffset, length }) => new Float64Array(buffer, byteOffset, length / 8),
  },
};

function pcmBlock(
  bytes: Uint8Array<ArrayBuffer>,
  encoding: WavEncoding,
  channels: number,
): PcmBlock {
  const { zero, scale, view } = TRAITS[encoding];
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  return { planes: [view(aligned)], channels, zero, scale };
}

/** 24-bit samples as the upper bits of 32-bit ones. */
function widen24(bytes: Uint8Array): Int32Array {
  const samples = new Int32Array(bytes.length / 3);
  for (let index = 0; index < samples.length; index++) {
    const at = index * 3;
    samples[index] = ((bytes[at] ?? 0) << 8) | ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 24);
  }
  return samples;
}
