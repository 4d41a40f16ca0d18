/**
 * Speech in lossy codecs, made where it is needed.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_SAMPLE_FMT_FLT,
  AV_SAMPLE_FMT_FLTP,
  type AVSampleFormat,
  Codec,
  CodecContext,
  type FFEncoderCodec,
  FFmpegError,
  FormatContext,
  Frame,
  Packet,
  Rational,
} from "../../lib/npm/node_av.ts";

/** A lossy codec and the shape of PCM that its encoder takes. */
export interface LossyKind {
  readonly extension: "mp3" | "opus";
  readonly encoder: string;
  /** Hz. */
  readonly sampleRate: number;
  readonly format: AVSampleFormat;
  readonly bitRate: bigint;
}

/** MP3 as speech datasets hold it. */
export const MP3: LossyKind = {
  extension: "mp3",
  encoder: "libmp3lame",
  sampleRate: 22050,
  format: AV_SAMPLE_FMT_FLTP,
  bitRate: 64000n,
};

/** Opus as speech datasets hold it. */
export const OPUS: LossyKind = {
  extension: "opus",
  encoder: "libopus",
  sampleRate: 48000,
  format: AV_SAMPLE_FMT_FLT,
  bitRate: 32000n,
};

/** Writes mono PCM, at the kind's rate, to a file. */
export function writeEncoded(path: string, pcm: Float32Array<ArrayBuffer>, kind: LossyKind): void {
  using encoder = openEncoder(kind);
  const output = new FormatContext();
  check(output.allocOutputContext2(null, null, path));
  const stream = output.newStream(null);
  check(stream.codecpar.fromContext(encoder));
  stream.timeBase = new Rational(1, kind.sampleRate);
  check(output.openOutputSync());
  check(output.writeHeaderSync());
  using packet = new Packet();
  packet.alloc();
  const drain = () => {
    while (encoder.receivePacketSync(packet) >= 0) {
      packet.rescaleTs(encoder.timeBase, stream.timeBase);
      packet.streamIndex = stream.index;
      check(output.interleavedWriteFrameSync(packet));
    }
  };
  for (let start = 0; start < pcm.length; start += encoder.frameSize) {
    using frame = pcmFrame(pcm.subarray(start, start + encoder.frameSize), start, kind);
    check(encoder.sendFrameSync(frame));
    drain();
  }
  check(encoder.sendFrameSync(null));
  drain();
  check(output.writeTrailerSync());
  output.closeOutputSync();
  output.freeContext();
}

function openEncoder(kind: LossyKind): CodecContext {
  const codec = Codec.findEncoderByName(kind.encoder as FFEncoderCodec);
  const context = new CodecContext();
  context.allocContext3(codec);
  context.sampleRate = kind.sampleRate;
  context.sampleFormat = kind.format;
  context.channelLayout = MONO;
  context.bitRate = kind.bitRate;
  context.timeBase = new Rational(1, kind.sampleRate);
  context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  check(context.open2Sync(codec));
  return context;
}

const MONO = { nbChannels: 1, order: AV_CHANNEL_ORDER_NATIVE, mask: 4n };

function pcmFrame(pcm: Float32Array<ArrayBuffer>, start: number, kind: LossyKind): Frame {
  return Frame.fromAudioBuffer(Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength), {
    nbSamples: pcm.length,
    format: kind.format,
    sampleRate: kind.sampleRate,
    channelLayout: MONO,
    timeBase: { num: 1, den: kind.sampleRate },
    pts: BigInt(start),
  });
}

function check(code: number): void {
  FFmpegError.throwIfError(code, "encoding");
}
