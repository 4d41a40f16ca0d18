/**
 * What the registry needs to know of a codec before it is opened.
 *
 * @module
 */
import type { Codec, CodecOptions, CodecSpec } from "./codec.ts";

/** A codec that can be opened. */
export interface CodecFamily {
  readonly spec: CodecSpec;
  /** SHA-256 over its model files, hexadecimal; found without loading the runtime. */
  digest(): Promise<string>;
  /** Brings files that lie elsewhere onto this machine, so that `open` needs no network. */
  prefetch(): Promise<void>;
  /** Opens it. Its graphs are loaded when they are first used. */
  open(options: CodecOptions): Promise<Codec>;
}
