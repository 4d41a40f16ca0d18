/**
 * Reading samples with FFmpeg.
 *
 * @module
 */
import { SampleError } from "../errors.ts";
import { AVSEEK_FLAG_BACKWARD } from "../npm/node_av.ts";
import type { AudioInput } from "./audio_input.ts";
import { openMedia } from "./ffmpeg_media.ts";
import { readFlacHeader } from "./flac_header.ts";
import { StreamReader, type StreamReaderOptions } from "./ffmpeg_stream.ts";
import { sampleRange, type Segment } from "./segment.ts";
import type { SourcePcm } from "./source_pcm.ts";

/** From this far into a file on, looking for the place is faster than decoding up to it. Samples. */
const WORTH_SEEKING = 1 << 17;

/** Lands this many samples early: seeking fails within the last frames. */
const SEEK_MARGIN = 1 << 15;

/**
 * Decodes a segment of a file, up to its end and no further.
 *
 * Only FLAC is sought in: its frames depend on nothing before them and carry their position.
 * Every other stream is decoded from its beginning, so that a segment equals that part of the
 * whole to the bit.
 *
 * @throws {SampleError} Whatever is wrong with the file, or the segment.
 */
export function readWithFfmpeg(
  input: AudioInput,
  segment: Segment,
  options: StreamReaderOptions = {},
): SourcePcm {
  return readAfterSeek(input, segment) ?? readFromBeginning(input, segment, options);
}

function readFromBeginning(
  input: AudioInput,
  segment: Segment,
  options: StreamReaderOptions,
): SourcePcm {
  using media = openMedia(input);
  return new StreamReader(input, media, segment, options).read();
}

/** Null if seeking is no use, or there is anything wrong with what is at the place. */
function readAfterSeek(input: AudioInput, segment: Segment): SourcePcm | null {
  const target = seekTarget(input, segment);
  if (target === null) return null;
  using media = openMedia(input);
  const { format, stream, container } = media;
  if (container !== "flac") return null;
  if (format.seekFrameSync(stream.index, BigInt(target), AVSEEK_FLAG_BACKWARD) < 0) return null;
  try {
    const options = { positionFromFrames: true };
    return new StreamReader(input, media, segment, options).read();
  } catch (error) {
    if (error instanceof SampleError) return null;
    throw error;
  }
}

/** The sample to seek to; null where decoding from the beginning is as well. */
function seekTarget(input: AudioInput, segment: Segment): number | null {
  if (segment.start === 0) return null;
  const rate = readFlacHeader(input.source)?.sampleRate ?? 0;
  if (rate === 0) return null;
  const { first } = sampleRange(input.label, segment, rate);
  return first < WORTH_SEEKING ? null : first - SEEK_MARGIN;
}
