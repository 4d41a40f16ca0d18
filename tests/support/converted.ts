/**
 * A codec converted into a temporary folder and opened from there, as a worker opens it.
 *
 * @module
 */
import { realFileSystem } from "../../lib/fs.ts";
import type {
  CheckpointFamily,
  CodecSettings,
  OpenedModel,
} from "../../models/checkpoint_family.ts";
import type { Codec } from "../../models/codec.ts";
import { writeCodec } from "../../models/convert/write_codec.ts";
import { FolderFamily } from "../../models/folder.ts";
import { TemporaryFolder } from "../models/temporary_folder.ts";

/** A converted codec; its folder is gone once it is disposed of. */
export class ConvertedTestCodec implements AsyncDisposable {
  readonly folder: string;
  readonly codec: Codec;
  readonly #temporary: TemporaryFolder;

  private constructor(temporary: TemporaryFolder, codec: Codec) {
    this.#temporary = temporary;
    this.folder = temporary.path;
    this.codec = codec;
  }

  /** Converts a model and opens the result on the CPU. */
  static async of(
    family: CheckpointFamily,
    model: OpenedModel,
    settings: CodecSettings = {},
  ): Promise<ConvertedTestCodec> {
    const temporary = new TemporaryFolder();
    try {
      const converted = await family.convert(model, settings);
      await writeCodec(temporary.path, converted, { fs: realFileSystem });
      return new ConvertedTestCodec(temporary, await new FolderFamily(temporary.path).open({}));
    } catch (error) {
      temporary[Symbol.dispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.codec[Symbol.asyncDispose]();
    this.#temporary[Symbol.dispose]();
  }
}
