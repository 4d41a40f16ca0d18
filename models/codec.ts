/**
 * What a codec is, whichever family it belongs to.
 *
 * @module
 */
import { framesOfChunks } from "./chunks.ts";

/** The fixed facts of a codec: all that planning, batching and readers of its tokens need. */
export interface CodecSpec {
  /**
   * What manifests and messages call it: `bundled`, `hubertsiuzdak/snac_24khz`. Of a codec in a
   * folder, the `id` in its `codec.json`; it is opened by its folder, not by this.
   */
  readonly id: string;
  /** The family's short name: the prefix of the columns `<name>_layer_1` … */
  readonly name: string;
  /** Hz of the audio it takes and gives; mono. */
  readonly sampleRate: number;
  /** Audio is padded with zeros at its end to a multiple of this many samples. */
  readonly paddingUnit: number;
  /** … and to no less than this: what its shortest clip needs; a multiple of `paddingUnit`. */
  readonly minimumSamples: number;
  /** Samples that one code of each layer stands for, coarse to fine; the length is the number of codebooks. */
  readonly hopLengths: readonly number[];
  /** Entries of each codebook; codes are 0 to this, exclusive. */
  readonly codebookSize: number;
  /**
   * Samples of true audio that a frame must see on each side for its codes to equal those of the
   * whole clip, a multiple of `paddingUnit`; null where the receptive field has no end.
   */
  readonly context: number | null;
  /** How clips are cut by a codec whose chunks see nothing of each other; absent where they are not. */
  readonly chunking?: Chunking;
  /** Licence of the weights, as an SPDX identifier where one exists. */
  readonly licence: string;
  /** What a user must know before training on its tokens; null if nothing. */
  readonly notice: string | null;
}

/** Chunks that are encoded alone, as DAC's command line does; all lengths but `frames` are in samples. */
export interface Chunking {
  /** Clips of no more than this are encoded whole. */
  readonly wholeSamples: number;
  /** Length of a chunk. */
  readonly samples: number;
  /** The first chunk starts so long before the clip. */
  readonly lead: number;
  /** From the start of a chunk to that of the next; decoding a chunk gives as much. */
  readonly step: number;
  /** How far after the start of a decoded stretch the codes reach that its last sample comes from. */
  readonly reach: number;
  /** Codes of a chunk in each layer: more than those of `step`, since decoding loses some at both ends. */
  readonly frames: number;
}

/** Codes of one clip: one array a layer, coarse to fine. */
export type Codes = number[][];

/** How to open a codec. */
export interface CodecOptions {
  /** The execution provider. It is never replaced silently by another. @default {"cpu"} */
  readonly provider?: "cpu" | "cuda" | "webgpu";
  /** Threads inside one operator, on the CPU. @default {1} */
  readonly threads?: number;
}

/** What tells one model from another. */
export interface CodecDigests {
  /** SHA-256 over the model files, hexadecimal. */
  readonly digest: string;
  /**
   * SHA-256 over the files that encoding depends on: codecs that share it make the same tokens,
   * whatever they decode with.
   */
  readonly encoderDigest: string;
}

/** An opened codec. Native memory is held until it is disposed of. */
export interface Codec extends AsyncDisposable, CodecDigests {
  readonly spec: CodecSpec;
  /**
   * Encodes clips of one padded length together.
   *
   * @param clips Mono PCM at `spec.sampleRate`, float32, each of the same length, a multiple of `spec.paddingUnit`.
   * @returns For each clip, codes of the padded length: layer i holds `length / spec.hopLengths[i]` codes.
   */
  encodeBatch(clips: readonly Float32Array[]): Promise<Codes[]>;
  /**
   * Encodes one clip of any length: pads it, and keeps the codes of real audio only.
   *
   * @param pcm Mono PCM at `spec.sampleRate`, float32, at least one sample.
   */
  encode(pcm: Float32Array): Promise<Codes>;
  /**
   * Turns codes back into sound.
   *
   * @param codes One array a layer, as `encode` gives them.
   * @param numSamples Cut the result to this many samples; all of it if absent.
   * @returns Mono PCM at `spec.sampleRate`, float32, −1 to 1.
   */
  decode(codes: Codes, numSamples?: number): Promise<Float32Array>;
}

/** Length after zero padding, in samples. */
export function paddedLength(spec: CodecSpec, numSamples: number): number {
  return Math.max(
    spec.minimumSamples,
    Math.ceil(numSamples / spec.paddingUnit) * spec.paddingUnit,
  );
}

/**
 * Codes of layer `layer` that stand for real audio: ceil(samples / hop). Of a codec of chunks, those
 * that the samples can be decoded from.
 */
export function validLength(
  spec: Pick<CodecSpec, "id" | "hopLengths" | "chunking">,
  layer: number,
  numSamples: number,
): number {
  const hop = spec.hopLengths[layer];
  if (hop === undefined) {
    throw new RangeError(
      `Cannot count codes of layer ${layer}: '${spec.id}' has ${spec.hopLengths.length} layers`,
    );
  }
  return spec.chunking === undefined || numSamples <= spec.chunking.wholeSamples
    ? Math.ceil(numSamples / hop)
    : framesOfChunks(spec.chunking, hop, numSamples);
}

/**
 * Codes of layer `layer` up to the end of the last frame of the coarsest layer that stands for real
 * audio: ceil(samples / coarsest hop) × coarsest hop / hop. Of a codec whose layers have one rate,
 * and of one of chunks, those of real audio alone.
 */
export function wholeFramesLength(
  spec: Pick<CodecSpec, "id" | "hopLengths" | "chunking">,
  layer: number,
  numSamples: number,
): number {
  const coarsest = Math.max(...spec.hopLengths);
  return spec.chunking === undefined
    ? validLength(spec, layer, Math.ceil(numSamples / coarsest) * coarsest)
    : validLength(spec, layer, numSamples);
}
