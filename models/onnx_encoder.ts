/**
 * The encoding half of a codec: one graph, or an analysis in pieces and an encoder of all features.
 *
 * @module
 */
import { SampleError } from "../lib/errors.ts";
import { codeContracts, readCodes } from "./code_tensors.ts";
import { columns, copyColumns } from "./columns.ts";
import type { CodecOptions, CodecSpec, Codes } from "./codec.ts";
import type { CodecLayout, WindowedGraph } from "./layout.ts";
import { LazySession } from "./lazy_session.ts";
import type { ModelFile, TensorValue } from "./onnx_session.ts";
import { planPieces } from "./pieces.ts";
import { packClips } from "./tensors.ts";

/** Loads one graph of a codec. */
export type GraphLoader = () => Promise<ModelFile>;

/** About as many seconds go through a graph at once. */
export const PIECE_SECONDS = 20;

/** What an encoder is made of. */
export interface EncoderParts {
  readonly spec: CodecSpec;
  readonly layout: CodecLayout;
  readonly options: CodecOptions;
  readonly encoder: GraphLoader;
  /** Where `layout.analysis` says that encoding is cut in two. */
  readonly analysis: GraphLoader | null;
}

/** Clips to codes. Graphs are opened when they are first needed. */
export class OnnxEncoder implements AsyncDisposable {
  readonly #spec: CodecSpec;
  readonly #layout: CodecLayout;
  readonly #encoder: LazySession;
  readonly #analysis: LazySession | null = null;

  constructor({ spec, layout, options, encoder, analysis }: EncoderParts) {
    this.#spec = spec;
    this.#layout = layout;
    const audio = {
      name: layout.audio,
      type: "float32" as const,
      shape: ["batch", 1, "samples"],
    };
    const features = {
      name: "features",
      type: "float32" as const,
      shape: ["batch", null, "frames"],
    };
    if (layout.analysis !== null && analysis !== null) {
      const role = `the analysis of '${spec.id}'`;
      const contract = { role, inputs: [audio], outputs: [features] };
      this.#analysis = new LazySession(analysis, { ...options, contract });
    }
    this.#encoder = new LazySession(encoder, {
      ...options,
      contract: {
        role: `the encoder of '${spec.id}'`,
        inputs: [this.#analysis === null ? audio : features],
        outputs: codeContracts(spec, layout),
      },
    });
  }

  /** Encodes clips of one padded length together; see `Codec.encodeBatch`. */
  async encode(clips: readonly Float32Array[]): Promise<Codes[]> {
    const samples = clips[0]?.length ?? 0;
    const audio = packClips(this.#spec, clips);
    const { analysis } = this.#layout;
    const outputs = this.#analysis === null || analysis === null
      ? await this.#encoder.run({ [this.#layout.audio]: audio })
      : await this.#encoder.run({ features: await this.#analyse(this.#analysis, analysis, audio) });
    return readCodes(this.#spec, this.#layout, outputs, clips.length, samples);
  }

  async #analyse(
    session: LazySession,
    { hop, context }: WindowedGraph,
    audio: TensorValue,
  ): Promise<TensorValue> {
    const [clips = 0, , samples = 0] = audio.dims;
    const length = PIECE_SECONDS * this.#spec.sampleRate;
    const pieces = planPieces({ samples, unit: hop, context, length });
    const frames = Math.ceil(samples / hop);
    let joined: TensorValue | null = null;
    for (const { from, to, keepFrom, keepTo } of pieces) {
      const piece = columns(audio, from, to);
      const { features } = await session.run({ [this.#layout.audio]: piece });
      const [rows, channels = 0] = features?.dims ?? [];
      if (rows !== clips || features?.dims[2] !== Math.ceil((to - from) / hop)) {
        throw new SampleError(
          "bad_output",
          `Cannot use the features of '${this.#spec.id}': the analysis gave ` +
            `[${features?.dims.join(", ") ?? ""}] for ${to - from} samples`,
        );
      }
      if (pieces.length === 1) return features;
      joined ??= {
        data: new Float32Array(clips * channels * frames),
        dims: [clips, channels, frames],
      };
      copyColumns({
        ...{ from: features, to: joined, at: keepFrom / hop },
        ...{ start: (keepFrom - from) / hop, end: Math.ceil((keepTo - from) / hop) },
      });
    }
    return joined ?? audio;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#analysis?.[Symbol.asyncDispose]();
    await this.#encoder[Symbol.asyncDispose]();
  }
}
