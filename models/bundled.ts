/**
 * The small codec that ships with the toolkit; its model card is `bundled/README.md`.
 *
 * @module
 */
import type { Codec, CodecDigests, CodecOptions, CodecSpec } from "./codec.ts";
import { digestOfFiles } from "./digest.ts";
import type { CodecFamily } from "./family.ts";
import { PLAIN_LAYOUT } from "./layout.ts";
import { type ModelFileAccess, readPinnedFile } from "./model_files.ts";
import { OnnxCodec } from "./onnx_codec.ts";
import type { ModelFile } from "./onnx_session.ts";

const HASHES = {
  "encoder.onnx": "3b9d6e82e960dcbd2b7454b520b22ba31d5e2a26770593a3b93ede348730a003",
  "decoder.onnx": "a765c4cfecbe890138236f84cfa2bdfc137fd70a7382f3e1b7bd4d0a5fe1d563",
} as const;

const SPEC: CodecSpec = {
  id: "bundled",
  name: "bundled",
  sampleRate: 16_000,
  paddingUnit: 320,
  minimumSamples: 320,
  hopLengths: [320, 320, 320, 320],
  codebookSize: 1024,
  // 13 frames of convolutions on each side and half an analysis window.
  context: 14 * 320,
  licence: "Apache-2.0",
  notice: "The bundled codec exists to try the toolkit and to test it, not to train models: " +
    "it is small and was trained for 80 minutes on one CPU core",
};

/** Where its files lie, and how they are reached. */
export interface BundledOptions extends ModelFileAccess {
  /** The folder of the model files; ends with a slash. @default the folder beside this module */
  readonly folder?: URL;
}

/** The bundled codec. */
export class BundledFamily implements CodecFamily {
  readonly spec = SPEC;
  readonly #options: BundledOptions;

  constructor(options: BundledOptions = {}) {
    this.#options = options;
  }

  digests(): Promise<CodecDigests> {
    const encoder = { "encoder.onnx": HASHES["encoder.onnx"] };
    return Promise.resolve({
      digest: digestOfFiles(HASHES),
      encoderDigest: digestOfFiles(encoder),
    });
  }

  async prefetch(): Promise<void> {
    await this.#read("encoder.onnx");
    await this.#read("decoder.onnx");
  }

  async open(options: CodecOptions): Promise<Codec> {
    return new OnnxCodec({
      spec: SPEC,
      layout: PLAIN_LAYOUT,
      ...await this.digests(),
      options,
      graphs: {
        encoder: () => this.#read("encoder.onnx"),
        decoder: () => this.#read("decoder.onnx"),
      },
    });
  }

  async #read(name: keyof typeof HASHES): Promise<ModelFile> {
    const folder = this.#options.folder ?? new URL("./bundled/", import.meta.url);
    const pinned = { url: new URL(name, folder), sha256: HASHES[name] };
    return { name, model: await readPinnedFile(pinned, this.#options) };
  }
}
