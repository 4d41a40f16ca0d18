/**
 * A codec that a user brings: a folder with `codec.json`, `encoder.onnx` and, to decode,
 * `decoder.onnx`. The contract is in `docs/codecs.md`.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { messageOf, UsageError } from "../lib/errors.ts";
import type { Codec, CodecOptions, CodecSpec } from "./codec.ts";
import { digestOfFiles, sha256OfFile } from "./digest.ts";
import type { CodecFamily } from "./family.ts";
import { parseCodecJson } from "./folder_schema.ts";
import { OnnxCodec } from "./onnx_codec.ts";
import type { ModelFile } from "./onnx_session.ts";

/** Whether a codec's name means a folder: `./x`, `../x`, `/x`, `C:\x`, `.`, `..`. */
export function isFolderReference(reference: string): boolean {
  return /^(?:\.{1,2}(?:[/\\]|$)|[/\\]|[a-z]:[/\\])/i.test(reference);
}

/** The codec of one folder. Relative folders are resolved when it is made. */
export class FolderFamily implements CodecFamily {
  readonly spec: CodecSpec;
  readonly #folder: string;

  /**
   * @throws {UsageError} If there is no `codec.json`, no `encoder.onnx`, or a field does not fit.
   */
  constructor(folder: string) {
    this.#folder = resolve(folder);
    this.spec = readSpec(join(this.#folder, "codec.json"));
    if (!this.#names().includes("encoder.onnx")) {
      throw new UsageError(
        `Cannot use the codec in '${this.#folder}': there is no 'encoder.onnx' beside 'codec.json'`,
      );
    }
  }

  async digest(): Promise<string> {
    const hashes: Record<string, string> = {};
    for (const name of this.#names()) {
      hashes[name] = await sha256OfFile(join(this.#folder, name));
    }
    return digestOfFiles(hashes);
  }

  prefetch(): Promise<void> {
    return Promise.resolve();
  }

  async open(options: CodecOptions): Promise<Codec> {
    return new OnnxCodec({
      spec: this.spec,
      digest: await this.digest(),
      options,
      encoder: () => this.#file("encoder.onnx"),
      decoder: this.#names().includes("decoder.onnx") ? () => this.#file("decoder.onnx") : null,
    });
  }

  /** `codec.json`, the graphs, and weights kept beside them (`encoder.onnx_data`). */
  #names(): string[] {
    return [...Deno.readDirSync(this.#folder)]
      .filter(({ name, isDirectory }) =>
        !isDirectory && /^(?:codec\.json|(?:encoder|decoder)\.onnx.*)$/.test(name)
      )
      .map(({ name }) => name);
  }

  #file(name: string): Promise<ModelFile> {
    const path = join(this.#folder, name);
    return Promise.resolve({ name: path, model: path });
  }
}

function readSpec(path: string): CodecSpec {
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
