/**
 * Opening a file with FFmpeg.
 *
 * @module
 */
import {
  AV_LOG_QUIET,
  AVDISCARD_ALL,
  AVMEDIA_TYPE_AUDIO,
  Codec,
  CodecContext,
  Dictionary,
  FormatContext,
  Log,
  type Stream,
} from "../npm/node_av.ts";
import type { AudioInput } from "./audio_input.ts";
import type { ByteSource } from "./byte_source.ts";
import { type AudioFault, decodeFailure } from "./failure.ts";
import { declaredLengths } from "./ffmpeg_length.ts";
import { CHECKSUM_CODECS, DEMUXERS } from "./ffmpeg_names.ts";
import { oggFault } from "./ogg_pages.ts";
import { containerName, SIGNATURE_LENGTH } from "./signature.ts";

// A worker speaks its protocol on stdout and logs on stderr: FFmpeg must write to neither.
Log.setLevel(AV_LOG_QUIET);

/** One audio stream of an open file, and its decoder. Native memory is held until it is disposed of. */
export interface Media extends Disposable {
  readonly format: FormatContext;
  readonly stream: Stream;
  readonly decoder: CodecContext;
  /** FFmpeg's name of the container: `mp3`, `ogg`, `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly container: string;
  /** FFmpeg's name of the codec: `flac`, `opus`. */
  readonly codec: string;
  /** Seconds that a header declares; null if none does. */
  readonly declared: number | null;
  /** Hz that the container's header declares; 0 if it does not. */
  readonly headerRate: number;
}

/**
 * Opens the best audio stream of a file.
 *
 * @throws {SampleError} `not_audio`, `corrupt_audio`, `unsupported_audio`.
 */
export function openMedia(input: AudioInput): Media {
  using resources = new DisposableStack();
  const format = openFormat(input);
  resources.defer(() => format.closeInputSync());
  const container = format.iformat?.name ?? "";
  // Before the search for stream parameters, lengths are what headers say; after it, they may
  // be guesses from the bit rate. The header of a WAV file leaves nothing to search for.
  const lengths = declaredLengths(format);
  const rates = format.streams.map((stream) => stream.codecpar.sampleRate);
  if (container !== "wav") format.findStreamInfoSync(null);
  const stream = selectStream(input.label, format);
  const { decoder, codec } = openDecoder(input.label, stream);
  resources.use(decoder);
  const owned = resources.move();
  return {
    format,
    stream,
    decoder,
    container,
    codec,
    declared: lengths.get(stream.index) ?? null,
    headerRate: rates[stream.index] ?? 0,
    [Symbol.dispose]: () => owned.dispose(),
  };
}

function openFormat(input: AudioInput): FormatContext {
  const format = new FormatContext();
  using options = Dictionary.fromObject({
    "protocol_whitelist": "file",
    "format_whitelist": DEMUXERS,
  });
  // The prefix keeps a name such as `http:a.mp3` from being taken for an address.
  const code = format.openInputSync(`file:${input.file()}`, null, options);
  if (code < 0) throw decodeFailure(input.label, refusal(input.source));
  return format;
}

/** What to say of a file that FFmpeg does not open. */
function refusal(source: ByteSource): AudioFault {
  const name = containerName(source.read(0, SIGNATURE_LENGTH));
  if (name === null) {
    return { reason: "not_audio", state: "its content is in no known audio format" };
  }
  const state = `it begins like ${name}, but its header cannot be read`;
  const fault = name === "Ogg" ? oggFault(source, source.size) : null;
  return fault ?? { reason: "corrupt_audio", state };
}

function selectStream(label: string, format: FormatContext): Stream {
  const index = format.findBestStream(AVMEDIA_TYPE_AUDIO);
  const { streams } = format;
  const stream = index < 0 ? undefined : streams[index];
  if (stream === undefined) {
    const state = "it holds no audio stream";
    throw decodeFailure(label, { reason: "not_audio", state });
  }
  for (const other of streams) {
    if (other.index !== index) other.discard = AVDISCARD_ALL;
  }
  return stream;
}

function openDecoder(
  label: string,
  stream: Stream,
): { decoder: CodecContext; codec: string } {
  const found = Codec.findDecoder(stream.codecpar.codecId);
  const codec = found?.name ?? stream.codecpar.codecTagString ?? "unknown";
  using resources = new DisposableStack();
  const decoder = resources.use(new CodecContext());
  decoder.allocContext3(found);
  decoder.parametersToContext(stream.codecpar);
  decoder.pktTimebase = stream.timeBase;
  decoder.threadCount = 1;
  if (CHECKSUM_CODECS.has(codec)) {
    decoder.setOption("err_detect", "crccheck+explode");
  }
  if (found === null || decoder.open2Sync(found, null) < 0) {
    const state = `no decoder opens its codec '${codec}'`;
    throw decodeFailure(label, { reason: "unsupported_audio", state });
  }
  resources.move();
  return { decoder, codec };
}
