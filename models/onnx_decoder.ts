/**
 * The decoding half of a codec: one graph, or a decoder of all codes and a synthesis in pieces.
 *
 * @module
 */
import { SpeechmillError } from "../lib/errors.ts";
import { decodingUnit, fillUp, samplesOf } from "./code_padding.ts";
import { codeContracts, feedCodes } from "./code_tensors.ts";
import type { CodecOptions, CodecSpec, Codes } from "./codec.ts";
import { columns } from "./columns.ts";
import type { CodecLayout, WindowedGraph } from "./layout.ts";
import { LazySession } from "./lazy_session.ts";
import { type GraphLoader, PIECE_SECONDS } from "./onnx_encoder.ts";
import type { TensorValue } from "./onnx_session.ts";
import { type Piece, planPieces } from "./pieces.ts";
import type { TensorContract } from "./session_contract.ts";

/** What a decoder is made of. */
export interface DecoderParts {
  readonly spec: CodecSpec;
  readonly layout: CodecLayout;
  readonly options: CodecOptions;
  readonly decoder: GraphLoader;
  /** Where `layout.synthesis` says that decoding is cut in two. */
  readonly synthesis: GraphLoader | null;
}

/** Codes to sound. Graphs are opened when they are first needed. */
export class OnnxDecoder implements AsyncDisposable {
  readonly #spec: CodecSpec;
  readonly #layout: CodecLayout;
  readonly #decoder: LazySession;
  readonly #synthesis: LazySession | null = null;

  constructor({ spec, layout, options, decoder, synthesis }: DecoderParts) {
    this.#spec = spec;
    this.#layout = layout;
    const audio = {
      name: layout.decoded,
      type: "float32" as const,
      shape: ["batch", 1, "samples"],
    };
    const features = {
      name: "features",
      type: "float32" as const,
      shape: ["batch", null, "steps"],
    };
    if (layout.synthesis !== null && synthesis !== null) {
      const role = `the synthesis of '${spec.id}'`;
      const contract = { role, inputs: [features], outputs: [audio] };
      this.#synthesis = new LazySession(synthesis, { ...options, contract });
    }
    this.#decoder = new LazySession(decoder, {
      ...options,
      contract: {
        role: `the decoder of '${spec.id}'`,
        inputs: [...codeContracts(spec, layout), ...positionContract(layout)],
        outputs: [this.#synthesis === null ? audio : features],
      },
    });
  }

  /**
   * Decodes the codes of one clip.
   *
   * @returns As many samples as the codes stand for, less the layout's shortfall where the clip
   * ends with its last frame.
   */
  async decode(codes: Codes): Promise<Float32Array> {
    const samples = samplesOf(this.#spec, codes);
    const whole = fillUp(this.#spec, codes, samples);
    const { synthesis } = this.#layout;
    const pcm = this.#synthesis === null || synthesis === null
      ? await this.#decodeCodes(whole)
      : await this.#synthesise(this.#synthesis, synthesis, whole);
    return pcm.subarray(0, samples);
  }

  async #decodeCodes(codes: Codes): Promise<Float32Array> {
    const samples = (codes[0]?.length ?? 0) * (this.#spec.hopLengths[0] ?? 0);
    const { decoderContext: context, shortfall } = this.#layout;
    const pieces = this.#plan(samples, decodingUnit(this.#spec), context);
    return await this.#join(pieces, samples - shortfall, async ({ from, to }) => {
      const part = codes.map((row, layer) => {
        const hop = this.#spec.hopLengths[layer] ?? 1;
        return row.slice(from / hop, to / hop);
      });
      const outputs = await this.#decoder.run(this.#feeds(part, from));
      return this.#audioOf(outputs, to - from);
    });
  }

  async #synthesise(
    session: LazySession,
    { hop, context }: WindowedGraph,
    codes: Codes,
  ): Promise<Float32Array> {
    const { features } = await this.#decoder.run(this.#feeds(codes, 0));
    if (features === undefined) throw new TypeError("Cannot decode: the decoder gave no features");
    const samples = (features.dims[2] ?? 0) * hop;
    const pieces = this.#plan(samples, hop, context);
    return await this.#join(pieces, samples - this.#layout.shortfall, async ({ from, to }) => {
      const part = columns(features, from / hop, to / hop);
      return this.#audioOf(await session.run({ features: part }), to - from);
    });
  }

  /** What the decoder takes for codes whose audio starts at a sample. */
  #feeds(codes: Codes, from: number): Record<string, TensorValue> {
    const feeds = feedCodes(this.#spec, this.#layout, codes);
    const { position } = this.#layout;
    return position === null
      ? feeds
      : { ...feeds, [position]: { data: BigInt64Array.of(BigInt(from)), dims: [1] } };
  }

  #plan(samples: number, unit: number, context: number | null): readonly Piece[] {
    if (context === null) return [{ from: 0, to: samples, keepFrom: 0, keepTo: samples }];
    const length = PIECE_SECONDS * this.#spec.sampleRate;
    return planPieces({ samples, unit, context, length });
  }

  async #join(
    pieces: readonly Piece[],
    samples: number,
    run: (piece: Piece) => Promise<Float32Array>,
  ): Promise<Float32Array> {
    const joined = new Float32Array(samples);
    for (const piece of pieces) {
      const { from, keepFrom, keepTo } = piece;
      const part = await run(piece);
      if (pieces.length === 1) return part;
      joined.set(part.subarray(keepFrom - from, Math.min(keepTo, samples) - from), keepFrom);
    }
    return joined;
  }

  #audioOf(outputs: Readonly<Record<string, TensorValue>>, samples: number): Float32Array {
    const audio = outputs[this.#layout.decoded]?.data;
    const due = samples - this.#layout.shortfall;
    if (!(audio instanceof Float32Array) || audio.length !== due) {
      throw new SpeechmillError(
        `Cannot use the audio of '${this.#spec.id}': the decoder gave ${
          audio?.length ?? 0
        } samples where ${due} were due`,
      );
    }
    return audio;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#decoder[Symbol.asyncDispose]();
    await this.#synthesis?.[Symbol.asyncDispose]();
  }
}

function positionContract({ position }: CodecLayout): TensorContract[] {
  return position === null ? [] : [{ name: position, type: "int64", shape: [1] }];
}
