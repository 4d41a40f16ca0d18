/**
 * What a codec is converted from, whatever it was published as.
 *
 * @module
 */
import type { CodecSettings } from "../checkpoint_family.ts";
import type { WriteCodecOptions } from "./write_codec.ts";

/** A model that can be converted, whatever it was read from. */
export interface ConversionSource extends AsyncDisposable {
  /** SHA-256 of each file that decides the result, by name. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Checks everything; what it returns writes the codec into a folder. */
  convert(settings: CodecSettings): Promise<CodecWriter>;
}

/** Writes a codec into an existing folder. */
export type CodecWriter = (folder: string, options: WriteCodecOptions) => Promise<void>;
