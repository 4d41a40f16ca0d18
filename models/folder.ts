/**
 * A codec that a user brings: a folder with `codec.json`, `encoder.onnx` and, to decode,
 * `decoder.onnx`. The contract is in `docs/codecs.md`.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { messageOf, UsageError } from "../lib/errors.ts";
import type { Codec, CodecDigests, CodecOptions } from "./codec.ts";
import { digestOfFiles, sha256OfFile } from "./digest.ts";
import { openDacChunks } from "./dac_chunks.ts";
import type { CodecFamily } from "./family.ts";
import type { GraphName } from "./checkpoint_family.ts";
import { type CodecJson, parseCodecJson } from "./folder_schema.ts";
import { OnnxCodec, type OnnxCodecParts } from "./onnx_codec.ts";
import type { GraphLoader } from "./onnx_encoder.ts";

/** Whether a codec's name means a folder: `./x`, `../x`, `/x`, `C:\x`, `.`, `..`. */
export function isFolderReference(reference: string): boolean {
  return /^(?:\.{1,2}(?:[/\\]|$)|[/\\]|[a-z]:[/\\])/i.test(reference);
}

/** The codec of one folder. Relative folders are resolved when it is made. */
export class FolderFamily implements CodecFamily {
  readonly spec: CodecJson["spec"];
  readonly #layout: CodecJson["layout"];
  readonly #folder: string;

  /**
   * @throws {UsageError} If there is no `codec.json`, no `encoder.onnx`, or a field does not fit.
   */
  constructor(folder: string) {
    this.#folder = resolve(folder);
    const { spec, layout } = readCodecJson(join(this.#folder, "codec.json"));
    this.spec = spec;
    this.#layout = layout;
    const names = this.#names();
    const needed = ["encoder.onnx", ...(layout.analysis === null ? [] : ["analysis.onnx"])];
    const missing = needed.find((name) => !names.includes(name));
    if (missing !== undefined) {
      throw new UsageError(
        `Cannot use the codec in '${this.#folder}': there is no '${missing}' beside 'codec.json'`,
      );
    }
  }

  async digests(): Promise<CodecDigests> {
    const hashes: Record<string, string> = {};
    for (const name of this.#names()) {
      hashes[name] = await sha256OfFile(join(this.#folder, name));
    }
    const encoding = Object.entries(hashes).filter(([name]) => /^(?:analysis|encoder)/.test(name));
    return {
      digest: digestOfFiles(hashes),
      encoderDigest: digestOfFiles(Object.fromEntries(encoding)),
    };
  }

  prefetch(): Promise<void> {
    return Promise.resolve();
  }

  async open(options: CodecOptions): Promise<Codec> {
    const names = this.#names();
    const loader = (name: GraphName): GraphLoader => {
      const path = join(this.#folder, `${name}.onnx`);
      return () => Promise.resolve({ name: path, model: path });
    };
    const others = (["analysis", "decoder", "synthesis"] as const)
      .filter((name) => names.includes(`${name}.onnx`))
      .map((name) => [name, loader(name)] as const);
    const parts: OnnxCodecParts = {
      ...{ spec: this.spec, layout: this.#layout, options },
      ...await this.digests(),
      graphs: { ...Object.fromEntries(others), encoder: loader("encoder") },
    };
    return this.#layout.preparation === "dac-chunks" ? openDacChunks(parts) : new OnnxCodec(parts);
  }

  /** `codec.json`, the graphs, and weights kept beside them (`encoder.onnx_data`). */
  #names(): string[] {
    return [...Deno.readDirSync(this.#folder)]
      .filter(({ name, isDirectory }) =>
        !isDirectory && /^codec\.json$|\.onnx(?:$|[._])/.test(name)
      )
      .map(({ name }) => name);
  }
}

function readCodecJson(path: string): CodecJson {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    throw new UsageError(
      `Cannot read the codec '${path}': ${
        error instanceof Deno.errors.NotFound ? "there is no such file" : messageOf(error)
      }`,
      { cause: error },
    );
  }
  return parseCodecJson(path, text);
}
