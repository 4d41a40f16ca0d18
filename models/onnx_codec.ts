/**
 * A codec of two ONNX graphs whose layers share one hop length:
 *
 * | graph | input | output |
 * | --- | --- | --- |
 * | encoder | `audio` float32 [batch, 1, samples] | `codes` int64 [batch, layers, samples / hop] |
 * | decoder | `codes` int64 [batch, layers, frames] | `audio` float32 [batch, 1, frames × hop] |
 *
 * @module
 */
import { SpeechmillError } from "../lib/errors.ts";
import type { Codec, CodecOptions, CodecSpec, Codes } from "./codec.ts";
import { paddedLength, validLength } from "./codec.ts";
import { LazySession } from "./lazy_session.ts";
import type { ModelFile } from "./onnx_session.ts";
import type { TensorContract } from "./session_contract.ts";
import { packClips, packCodes, unpackCodes } from "./tensors.ts";

/** The two graphs of a codec and what it is. */
export interface OnnxCodecParts {
  readonly spec: CodecSpec;
  /** SHA-256 over the model files, hexadecimal. */
  readonly digest: string;
  readonly options: CodecOptions;
  readonly encoder: () => Promise<ModelFile>;
  /** Null where the codec cannot decode. */
  readonly decoder: (() => Promise<ModelFile>) | null;
}

/** The codec over the contract above. Each graph is opened when it is first needed. */
export class OnnxCodec implements Codec {
  readonly spec: CodecSpec;
  readonly digest: string;
  readonly #hop: number;
  readonly #encoder: LazySession;
  readonly #decoder: LazySession | null;

  constructor(parts: OnnxCodecParts) {
    const { spec, options } = parts;
    this.spec = spec;
    this.digest = parts.digest;
    this.#hop = spec.hopLengths[0] ?? spec.paddingUnit;
    const audio: TensorContract = {
      name: "audio",
      type: "float32",
      shape: ["batch", 1, "samples"],
    };
    const codes: TensorContract = {
      name: "codes",
      type: "int64",
      shape: ["batch", spec.hopLengths.length, "frames"],
    };
    this.#encoder = new LazySession(parts.encoder, {
      ...options,
      contract: {
        role: `the encoder of '${spec.id}'`,
        inputs: [audio],
        outputs: [codes],
      },
    });
    this.#decoder = parts.decoder && new LazySession(parts.decoder, {
      ...options,
      contract: {
        role: `the decoder of '${spec.id}'`,
        inputs: [codes],
        outputs: [audio],
      },
    });
  }

  async encodeBatch(clips: readonly Float32Array[]): Promise<Codes[]> {
    if (clips.length === 0) return [];
    const audio = packClips(this.spec, clips);
    const samples = clips[0]?.length ?? 0;
    const { codes } = await this.#encoder.run({ audio });
    return unpackCodes(this.spec, codes, clips.length, samples / this.#hop);
  }

  async encode(pcm: Float32Array): Promise<Codes> {
    checkClip(pcm);
    const padded = new Float32Array(paddedLength(this.spec, pcm.length));
    padded.set(pcm);
    const [codes = []] = await this.encodeBatch([padded]);
    return codes.map((row, layer) => row.slice(0, validLength(this.spec, layer, pcm.length)));
  }

  async decode(codes: Codes, numSamples?: number): Promise<Float32Array> {
    if (this.#decoder === null) {
      throw new SpeechmillError(
        `Cannot decode with '${this.spec.id}': it has no decoder`,
      );
    }
    const packed = packCodes(this.spec, codes);
    const samples = (codes[0]?.length ?? 0) * this.#hop;
    checkCut(numSamples, samples);
    const { audio } = await this.#decoder.run({ codes: packed });
    if (!(audio?.data instanceof Float32Array) || audio.data.length !== samples) {
      throw new SpeechmillError(
        `Cannot use the audio of '${this.spec.id}': the decoder gave ${
          audio?.data.length ?? 0
        } samples where ${samples} were due`,
      );
    }
    return audio.data.slice(0, numSamples ?? samples);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#encoder[Symbol.asyncDispose]();
    await this.#decoder?.[Symbol.asyncDispose]();
  }
}

function checkClip(pcm: Float32Array): void {
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

function checkCut(numSamples: number | undefined, samples: number): void {
  if (numSamples === undefined) return;
  if (!Number.isInteger(numSamples) || numSamples < 0 || numSamples > samples) {
    throw new RangeError(
      `Cannot cut the decoded clip to ${numSamples} samples: it has ${samples}`,
    );
  }
}
