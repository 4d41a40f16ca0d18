/**
 * A codec of ONNX graphs. `docs/codecs.md` says what goes in and out of each.
 *
 * @module
 */
import { SpeechmillError } from "../lib/errors.ts";
import type { GraphName } from "./checkpoint_family.ts";
import type { Codec, CodecDigests, CodecOptions, CodecSpec, Codes } from "./codec.ts";
import { paddedLength, validLength } from "./codec.ts";
import type { CodecLayout } from "./layout.ts";
import { OnnxDecoder } from "./onnx_decoder.ts";
import { type GraphLoader, OnnxEncoder, PIECE_SECONDS } from "./onnx_encoder.ts";
import { joinWindows, planWindows, windowLength } from "./windows.ts";

/** The graphs of a codec and what it is. */
export interface OnnxCodecParts extends CodecDigests {
  readonly spec: CodecSpec;
  readonly layout: CodecLayout;
  readonly options: CodecOptions;
  /** Without a decoder, nothing can be decoded. */
  readonly graphs: { readonly [name in GraphName]?: GraphLoader } & {
    readonly encoder: GraphLoader;
  };
}

/** A codec over the contract above. Each graph is opened when it is first needed. */
export class OnnxCodec implements Codec {
  readonly spec: CodecSpec;
  readonly digest: string;
  readonly encoderDigest: string;
  readonly #encoder: OnnxEncoder;
  readonly #decoder: OnnxDecoder | null;

  constructor({ spec, layout, digest, encoderDigest, options, graphs }: OnnxCodecParts) {
    this.spec = spec;
    this.digest = digest;
    this.encoderDigest = encoderDigest;
    const { analysis = null, encoder, decoder, synthesis = null } = graphs;
    this.#encoder = new OnnxEncoder({ spec, layout, options, encoder, analysis });
    this.#decoder = decoder === undefined
      ? null
      : new OnnxDecoder({ spec, layout, options, decoder, synthesis });
  }

  async encodeBatch(clips: readonly Float32Array[]): Promise<Codes[]> {
    return clips.length === 0 ? [] : await this.#encoder.encode(clips);
  }

  async encode(pcm: Float32Array): Promise<Codes> {
    checkClip(pcm);
    const padded = new Float32Array(paddedLength(this.spec, pcm.length));
    padded.set(pcm);
    const length = windowLength(this.spec, PIECE_SECONDS * this.spec.sampleRate);
    const windows = planWindows(this.spec, padded.length, length);
    const parts: Codes[] = [];
    for (const window of windows) {
      const clip = padded.subarray(window.start, window.start + window.length);
      parts.push(...await this.encodeBatch([clip]));
    }
    const codes = windows.length === 1 ? parts[0] ?? [] : joinWindows(this.spec, windows, parts);
    return codes.map((row, layer) => row.slice(0, validLength(this.spec, layer, pcm.length)));
  }

  async decode(codes: Codes, numSamples?: number): Promise<Float32Array> {
    if (this.#decoder === null) {
      throw new SpeechmillError(
        `Cannot decode with '${this.spec.id}': it has no decoder`,
      );
    }
    const samples = (codes.at(-1)?.length ?? 0) * (this.spec.hopLengths.at(-1) ?? 0);
    checkCut(numSamples, samples);
    const pcm = await this.#decoder.decode(codes);
    if (numSamples === undefined) return pcm.slice();
    const cut = new Float32Array(numSamples);
    cut.set(pcm.subarray(0, numSamples));
    return cut;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#encoder[Symbol.asyncDispose]();
    await this.#decoder?.[Symbol.asyncDispose]();
  }
}

/**
 * Checks a clip that is to be encoded.
 *
 * @throws {RangeError} If it has no samples, or one that is not finite.
 */
export function checkClip(pcm: Float32Array): void {
  if (!(pcm instanceof Float32Array)) {
    throw new TypeError("Cannot encode: the samples are not in a Float32Array");
  }
  if (pcm.length === 0) {
    throw new RangeError("Cannot encode: the clip has no samples");
  }
  const bad = pcm.findIndex((sample) => !Number.isFinite(sample));
  if (bad !== -1) {
    throw new RangeError(`Cannot encode: sample ${bad} is ${pcm[bad]}`);
  }
}

/**
 * Checks what a decoded clip is to be cut to.
 *
 * @param samples As long as it is.
 * @throws {RangeError} If it is no whole number, or more.
 */
export function checkCut(numSamples: number | undefined, samples: number): void {
  if (numSamples === undefined) return;
  if (!Number.isInteger(numSamples) || numSamples < 0 || numSamples > samples) {
    throw new RangeError(
      `Cannot cut the decoded clip to ${numSamples} samples: it has ${samples}`,
    );
  }
}
