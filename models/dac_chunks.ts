/**
 * DAC as its command line runs it: clips are brought to one loudness, and long ones encoded in
 * chunks that see nothing of each other.
 *
 * The graphs are a codec's encoder and decoder with one input more, `padding` int64 [1]: 1 where
 * convolutions find zeros beyond the ends, which is how short clips are encoded whole, and 0 where
 * they find nothing, which is how chunks are.
 *
 * @module
 */
import { changeLoudness, loudnessChange } from "../lib/audio/loudness.ts";
import { SpeechmillError } from "../lib/errors.ts";
import { chunkCount, chunkOf, lostSamples, samplesOfChunks } from "./chunks.ts";
import { checkLayers } from "./code_padding.ts";
import { codeContracts, feedCodes, readCodes } from "./code_tensors.ts";
import { type Chunking, type Codec, type CodecSpec, type Codes, validLength } from "./codec.ts";
import { LazySession } from "./lazy_session.ts";
import { checkClip, checkCut, type OnnxCodecParts } from "./onnx_codec.ts";
import type { TensorValue } from "./onnx_session.ts";
import type { TensorContract } from "./session_contract.ts";
import { checkBatch, packClips } from "./tensors.ts";

/** LUFS that clips are brought to: the default of `compress()`. */
const LOUDNESS = -16;

const PADDING: TensorContract = { name: "padding", type: "int64", shape: [1] };

/**
 * Opens a codec whose layout has the preparation `dac-chunks`. Its codes are those of `compress()`,
 * its sound that of `decompress()` before the clip's own loudness is restored, which codes do not
 * hold.
 *
 * @throws {SpeechmillError} If the codec's facts do not say how clips are cut.
 */
export function openDacChunks(parts: OnnxCodecParts): Codec {
  const { spec } = parts;
  if (spec.chunking !== undefined) return new DacChunks(parts, spec.chunking);
  throw new SpeechmillError(
    `Cannot open '${spec.id}': its codec.json says 'dac-chunks' and has no 'chunking'`,
  );
}

class DacChunks implements Codec {
  readonly spec: CodecSpec;
  readonly digest: string;
  readonly encoderDigest: string;
  readonly #parts: OnnxCodecParts;
  readonly #chunking: Chunking;
  /** Samples a frame. */
  readonly #hop: number;
  readonly #encoder: LazySession;
  readonly #decoder: LazySession | null;

  constructor(parts: OnnxCodecParts, chunking: Chunking) {
    const { spec, layout, options, graphs } = parts;
    this.spec = spec;
    this.digest = parts.digest;
    this.encoderDigest = parts.encoderDigest;
    this.#parts = parts;
    this.#chunking = chunking;
    this.#hop = spec.hopLengths[0] ?? 1;
    const codes = codeContracts(spec, layout);
    const audio = (name: string): TensorContract => ({
      name,
      type: "float32",
      shape: ["batch", 1, "samples"],
    });
    this.#encoder = new LazySession(graphs.encoder, {
      ...options,
      contract: {
        role: `the encoder of '${spec.id}'`,
        inputs: [audio(layout.audio), PADDING],
        outputs: codes,
      },
    });
    this.#decoder = graphs.decoder === undefined ? null : new LazySession(graphs.decoder, {
      ...options,
      contract: {
        role: `the decoder of '${spec.id}'`,
        inputs: [...codes, PADDING],
        outputs: [audio(layout.decoded)],
      },
    });
  }

  async encodeBatch(clips: readonly Float32Array[]): Promise<Codes[]> {
    if (clips.length === 0) return [];
    checkBatch(this.spec, clips);
    const samples = clips[0]?.length ?? 0;
    const changes = clips.map((pcm) => loudnessChange(pcm, this.spec.sampleRate, LOUDNESS));
    const encode = async (pieces: readonly Float32Array[], options: PieceOptions) => {
      pieces.forEach((piece, i) => {
        const change = changes[i];
        if (change !== undefined) changeLoudness(piece, change);
      });
      return await this.#encodePieces(pieces, options);
    };
    if (samples <= this.#chunking.wholeSamples) {
      const frames = Math.ceil(samples / this.#hop);
      const padded = clips.map((pcm) => resized(pcm, frames * this.#hop));
      return await encode(padded, { padding: true, frames });
    }
    const parts: Codes[][] = [];
    for (let index = 0; index < chunkCount(this.#chunking, samples); index++) {
      const chunks = clips.map((pcm) => chunkOf(this.#chunking, pcm, index));
      parts.push(await encode(chunks, { padding: false, frames: this.#chunking.frames }));
    }
    return clips.map((_, clip) =>
      this.spec.hopLengths.map((_, layer) =>
        parts.flatMap((part) => part[clip]?.[layer] ?? [])
          .slice(0, validLength(this.spec, layer, samples))
      )
    );
  }

  async encode(pcm: Float32Array): Promise<Codes> {
    checkClip(pcm);
    const [codes = []] = await this.encodeBatch([pcm]);
    return codes;
  }

  async decode(codes: Codes, numSamples?: number): Promise<Float32Array> {
    checkLayers(this.spec, codes);
    const frames = codes[0]?.length ?? 0;
    const whole = frames * this.#hop < this.#chunking.wholeSamples + this.#hop;
    const samples = whole ? frames * this.#hop : samplesOfChunks(this.#chunking, this.#hop, frames);
    checkCut(numSamples, samples);
    const pcm = whole
      ? await this.#decodePiece(codes, true)
      : await this.#decodeChunks(codes, samples);
    return numSamples === undefined ? pcm : resized(pcm, numSamples);
  }

  async #decodeChunks(codes: Codes, samples: number): Promise<Float32Array> {
    const { frames, step } = this.#chunking;
    const joined = new Float32Array(samples);
    for (let index = 0; index * step < samples; index++) {
      const part = codes.map((row) => row.slice(index * frames, (index + 1) * frames));
      const pcm = await this.#decodePiece(part, false);
      joined.set(pcm.subarray(0, samples - index * step), index * step);
    }
    return joined;
  }

  async #encodePieces(
    pieces: readonly Float32Array[],
    { padding, frames }: PieceOptions,
  ): Promise<Codes[]> {
    const { layout } = this.#parts;
    const { chunking: _, ...spec } = this.spec;
    const outputs = await this.#encoder.run({
      [layout.audio]: packClips(spec, pieces),
      ...paddingFeed(padding),
    });
    return readCodes(spec, layout, outputs, pieces.length, frames * this.#hop);
  }

  async #decodePiece(codes: Codes, padding: boolean): Promise<Float32Array> {
    const { layout } = this.#parts;
    if (this.#decoder === null) {
      throw new SpeechmillError(`Cannot decode with '${this.spec.id}': it has no decoder`);
    }
    const feeds = { ...feedCodes(this.spec, layout, codes), ...paddingFeed(padding) };
    const audio = (await this.#decoder.run(feeds))[layout.decoded]?.data;
    const lost = padding ? layout.shortfall : lostSamples(this.#chunking, this.#hop);
    const due = (codes[0]?.length ?? 0) * this.#hop - lost;
    if (audio instanceof Float32Array && audio.length === due) return audio;
    throw new SpeechmillError(
      `Cannot use the audio of '${this.spec.id}': the decoder gave ${
        audio?.length ?? 0
      } samples where ${due} were due`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#encoder[Symbol.asyncDispose]();
    await this.#decoder?.[Symbol.asyncDispose]();
  }
}

interface PieceOptions {
  /** Whether there are zeros beyond the ends. */
  readonly padding: boolean;
  /** Codes of a layer that it gives. */
  readonly frames: number;
}

function paddingFeed(padding: boolean): Record<string, TensorValue> {
  return { [PADDING.name]: { data: BigInt64Array.of(padding ? 1n : 0n), dims: [1] } };
}

/** A copy with zeros at its end, or cut. */
function resized(pcm: Float32Array, samples: number): Float32Array<ArrayBuffer> {
  const copy = new Float32Array(samples);
  copy.set(pcm.subarray(0, samples));
  return copy;
}
