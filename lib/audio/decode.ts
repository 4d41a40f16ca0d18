/**
 * From a file to mono PCM.
 *
 * @module
 */
import type { AudioInput } from "./audio_input.ts";
import type { AudioClip, DecodeOptions } from "./clip.ts";
import { decodeFailure } from "./failure.ts";
import { readWithFfmpeg } from "./ffmpeg_read.ts";
import { openAudioFile } from "./open_file.ts";
import { resample } from "./resample.ts";
import { type Segment, segmentOf } from "./segment.ts";
import { isWav, SIGNATURE_LENGTH } from "./signature.ts";
import type { SourcePcm } from "./source_pcm.ts";
import { readWavHeader } from "./wav_header.ts";
import { readWavSamples } from "./wav_read.ts";

/**
 * Decodes a file, or a segment of it, to mono PCM at the wanted rate.
 *
 * Reads every container and codec that FFmpeg knows. Channels are mixed to their mean at the
 * file's own rate, the segment is cut there, then resampled: the result depends on the file and
 * the options alone, to the bit. Encoder delay and padding that the file declares are dropped.
 *
 * Let the event loop turn between clips (awaiting a message or a timer does): the runtime frees
 * the last few kilobytes of each clip's native objects only there.
 *
 * @param path The file. It must not change meanwhile.
 * @param options The rate and the segment.
 * @returns Mono float32 PCM, at least one sample, all of it finite.
 * @throws {SampleError} If the file is missing, is no audio, is damaged anywhere up to the end of
 * the segment, or holds NaN or infinity; if the segment does not lie within the audio.
 */
export function decodeAudio(
  path: string,
  options: DecodeOptions = {},
): AudioClip {
  checkRate(options.sampleRate ?? null);
  using file = openAudioFile(path);
  return decodeInput(file, options);
}

/**
 * Decodes as `decodeAudio` does, from wherever the bytes lie.
 *
 * @throws {SampleError} As `decodeAudio` does.
 */
export function decodeInput(input: AudioInput, options: DecodeOptions = {}): AudioClip {
  const sampleRate = options.sampleRate ?? null;
  checkRate(sampleRate);
  const source = readSource(input, segmentOf(input.label, options));
  checkFinite(input.label, source);
  return {
    pcm: resample(source.pcm, source.sampleRate, sampleRate ?? source.sampleRate),
    sampleRate: sampleRate ?? source.sampleRate,
    sourceSampleRate: source.sampleRate,
    sourceChannels: source.channels,
    duration: source.pcm.length / source.sampleRate,
  };
}

function checkRate(sampleRate: number | null): void {
  if (sampleRate === null || (Number.isInteger(sampleRate) && sampleRate > 0)) return;
  throw new RangeError(
    `Cannot resample to ${sampleRate} Hz: the rate is not a positive whole number`,
  );
}

function readSource(input: AudioInput, segment: Segment): SourcePcm {
  if (!isWav(input.source.read(0, SIGNATURE_LENGTH))) return readWithFfmpeg(input, segment);
  const header = readWavHeader(input.source);
  if (header.kind === "fault") throw decodeFailure(input.label, header.fault);
  const { encoding, sizeDeclared } = header;
  return encoding === null
    ? readWithFfmpeg(input, segment, { trustLength: sizeDeclared })
    : readWavSamples(input, { ...header, encoding }, segment);
}

function checkFinite(label: string, { pcm, sampleRate }: SourcePcm): void {
  // The difference of a number and itself is 0, unless it is NaN or infinite.
  let sum = 0;
  for (let index = 0; index < pcm.length; index++) {
    const value = pcm[index] ?? 0;
    sum += value - value;
  }
  if (sum === 0) return;
  const index = pcm.findIndex((value) => !Number.isFinite(value));
  const at = (index / sampleRate).toFixed(3);
  throw decodeFailure(label, {
    reason: "not_finite",
    state: `sample ${index}, at ${at} s, is ${pcm[index]}`,
  });
}
