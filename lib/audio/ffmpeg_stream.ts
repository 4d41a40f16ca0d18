/**
 * Decoding one stream.
 *
 * @module
 */
import {
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVERROR_PATCHWELCOME,
  FFmpegError,
  Frame,
  Packet,
} from "../npm/node_av.ts";
import type { AudioInput } from "./audio_input.ts";
import { type AudioFault, decodeFailure, endsEarly, holdsNoSamples, inSeconds } from "./failure.ts";
import { frameBlock } from "./ffmpeg_frame.ts";
import { packetTrim } from "./ffmpeg_length.ts";
import type { Media } from "./ffmpeg_media.ts";
import { MonoBuffer } from "./mono_buffer.ts";
import { oggFault } from "./ogg_pages.ts";
import { sampleRateFault } from "./sample_rate.ts";
import { rangeFault, type SampleRange, sampleRange, type Segment } from "./segment.ts";
import { containerName, SIGNATURE_LENGTH } from "./signature.ts";
import type { SourcePcm } from "./source_pcm.ts";

/** How to read a stream. */
export interface StreamReaderOptions {
  /** Take the declared length for true. @default {true} */
  readonly trustLength?: boolean;
  /** Take the position from the frames, after a seek, rather than by counting. @default {false} */
  readonly positionFromFrames?: boolean;
}

/** What is known since the first frame. */
interface Track {
  readonly sampleRate: number;
  readonly channels: number;
  readonly range: SampleRange;
  readonly buffer: MonoBuffer;
}

/** A length may be declared in coarse units, and count padding. Seconds, and a part of the whole. */
const LENGTH_SLACK = { seconds: 0.05, part: 0.01 };

/** Less than a sample, but more than rounding errors. Seconds. */
const NOTHING = 1e-6;

/** Never shown: whoever sought decodes from the beginning instead. */
const SEEK_FAULT: AudioFault = { reason: "corrupt_audio", state: "seeking fails" };

/** Reads the samples of a segment out of one stream. Serves once. */
export class StreamReader {
  readonly #input: AudioInput;
  readonly #media: Media;
  readonly #segment: Segment;
  readonly #options: Required<StreamReaderOptions>;
  #track: Track | null = null;
  /** Samples that the decoder dropped from the beginning, and from both ends. */
  #delay = 0;
  #trimmed = 0;
  /** Error code of the last packet; an error that good audio follows is damage in the middle. */
  #errorCode = 0;

  constructor(
    input: AudioInput,
    media: Media,
    segment: Segment,
    options: StreamReaderOptions = {},
  ) {
    this.#input = input;
    this.#media = media;
    this.#segment = segment;
    this.#options = { trustLength: true, positionFromFrames: false, ...options };
  }

  /**
   * Decodes up to the end of the segment.
   *
   * @throws {SampleError} Whatever is wrong with the stream up to there.
   */
  read(): SourcePcm {
    using packet = new Packet();
    using frame = new Frame();
    packet.alloc();
    frame.alloc();
    let byte = 0;
    while (this.#track === null || this.#track.buffer.hungry) {
      const code = this.#media.format.readFrameSync(packet);
      if (code < 0) {
        this.#decode(null, frame);
        return this.#finish(code);
      }
      if (this.#media.container === "ogg") byte = Number(packet.pos);
      if (packet.streamIndex === this.#media.stream.index) {
        this.#noteTrim(packet);
        this.#decode(packet, frame);
      }
      packet.unref();
    }
    this.#refuse(this.#pageFault(byte + 1));
    return this.#result(this.#track);
  }

  #decode(packet: Packet | null, frame: Frame): void {
    const { decoder } = this.#media;
    const sent = decoder.sendPacketSync(packet);
    if (sent < 0) this.#errorCode = sent;
    for (;;) {
      const code = decoder.receiveFrameSync(frame);
      if (code === AVERROR_EAGAIN || code === AVERROR_EOF) return;
      if (code < 0) {
        this.#errorCode = code;
        return;
      }
      this.#accept(frame);
      frame.unref();
    }
  }

  #accept(frame: Frame): void {
    this.#refuse(this.#decoderFault());
    const count = frame.nbSamples;
    const block = frameBlock(frame, count);
    if (block === null) {
      this.#refuse({
        reason: "unsupported_audio",
        state: `its codec '${this.#media.codec}' gives an unknown sample format`,
      });
      return;
    }
    const track = this.#track ??= this.#begin(frame);
    this.#refuse(this.#continuityFault(track, frame));
    track.buffer.append(block, count);
  }

  #begin(frame: Frame): Track {
    const { sampleRate, channels } = frame;
    this.#refuse(sampleRateFault(sampleRate));
    const range = sampleRange(this.#input.label, this.#segment, sampleRate);
    const position = this.#options.positionFromFrames ? Number(frame.pts) : -this.#missedDelay();
    if (this.#options.positionFromFrames && position > range.first) this.#refuse(SEEK_FAULT);
    const declared = this.#declared();
    const expected = declared === null ? {} : { expected: Math.ceil(declared * sampleRate) + 1 };
    const buffer = new MonoBuffer(range, { position, ...expected });
    return { sampleRate, channels, range, buffer };
  }

  /**
   * Encoder delay that FFmpeg leaves in. FFmpeg 8 counts the delay of Opus in Matroska at the
   * rate of the track header, though Opus is always decoded at 48 kHz.
   */
  #missedDelay(): number {
    const { container, codec, headerRate } = this.#media;
    if (codec !== "opus" || !container.startsWith("matroska")) return 0;
    if (headerRate <= 0) return 0;
    return Math.round(this.#delay * (48000 / headerRate - 1));
  }

  #noteTrim(packet: Packet): void {
    const trim = packetTrim(packet);
    if (trim === null) return;
    if (this.#track === null) this.#delay += trim.start;
    this.#trimmed += trim.start + trim.end;
  }

  #finish(endCode: number): SourcePcm {
    const track = this.#track;
    this.#refuse(this.#pageFault(this.#input.source.size));
    if (endCode !== AVERROR_EOF) this.#refuse(this.#failsHere("reading", endCode));
    this.#refuse(this.#lengthFault());
    this.#refuse(this.#tailFault());
    if (track === null || track.buffer.position <= 0) {
      throw decodeFailure(this.#input.label, this.#silenceFault());
    }
    const { range, sampleRate, buffer } = track;
    this.#refuse(
      rangeFault(range, this.#segment, sampleRate, buffer.position),
    );
    return this.#result(track);
  }

  #result({ buffer, sampleRate, channels }: Track): SourcePcm {
    return { pcm: buffer.take(), sampleRate, channels };
  }

  #declared(): number | null {
    return this.#options.trustLength ? this.#media.declared : null;
  }

  #seconds(): number {
    if (this.#track === null) return 0;
    return Math.max(0, this.#track.buffer.position) / this.#track.sampleRate;
  }

  /** Seconds of declared audio that did not come; null where no length is declared. */
  #shortfall(): number | null {
    const declared = this.#declared();
    if (declared === null) return null;
    const padding = this.#track === null ? 0 : this.#trimmed / this.#track.sampleRate;
    return declared - this.#seconds() - padding;
  }

  #lengthFault(): AudioFault | null {
    const declared = this.#declared() ?? 0;
    const isExact = this.#media.container === "flac";
    const slack = Math.max(LENGTH_SLACK.seconds, LENGTH_SLACK.part * declared);
    return (this.#shortfall() ?? 0) > (isExact ? NOTHING : slack)
      ? endsEarly(this.#seconds(), declared)
      : null;
  }

  /** Errors behind the last declared sample come from tags and padding, not from audio. */
  #tailFault(): AudioFault | null {
    const shortfall = this.#shortfall();
    return shortfall !== null && shortfall <= NOTHING ? null : this.#decoderFault();
  }

  #decoderFault(): AudioFault | null {
    return this.#errorCode === 0 ? null : this.#failsHere("decoding", this.#errorCode);
  }

  #failsHere(action: string, code: number): AudioFault {
    const place = inSeconds(this.#seconds());
    return {
      reason: code === AVERROR_PATCHWELCOME ? "unsupported_audio" : "corrupt_audio",
      state: `${action} fails at ${place}: ${FFmpegError.strerror(code)}`,
    };
  }

  #continuityFault(track: Track, frame: Frame): AudioFault | null {
    const rate = frame.sampleRate;
    if (rate !== track.sampleRate) {
      const change = `from ${track.sampleRate} to ${rate} Hz`;
      return {
        reason: "unsupported_audio",
        state: `its sample rate changes ${change} at ${inSeconds(this.#seconds())}`,
      };
    }
    const lost = this.#options.positionFromFrames && Number(frame.pts) !== track.buffer.position;
    return lost ? SEEK_FAULT : null;
  }

  #pageFault(end: number): AudioFault | null {
    return this.#media.container === "ogg" ? oggFault(this.#input.source, end) : null;
  }

  /** A file in which no audio was found: one whose first bytes announce none is no audio. */
  #silenceFault(): AudioFault {
    const name = containerName(this.#input.source.read(0, SIGNATURE_LENGTH));
    return name === null && this.#media.container === "mp3"
      ? { reason: "not_audio", state: "no audio is found in it" }
      : holdsNoSamples(`the ${name ?? "audio"} file`);
  }

  #refuse(fault: AudioFault | null): void {
    if (fault !== null) throw decodeFailure(this.#input.label, fault);
  }
}
