/**
 * What the registry needs to know of a codec before it is opened.
 *
 * @module
 */
import type { Codec, CodecDigests, CodecOptions, CodecSpec } from "./codec.ts";

/** A codec that can be opened. */
export interface CodecFamily {
  readonly spec: CodecSpec;
  /** Digests of its model files, found without loading the runtime. */
  digests(): Promise<CodecDigests>;
  /** Brings files that lie elsewhere onto this machine, so that `open` needs no network. */
  prefetch(): Promise<void>;
  /** Opens it. Its graphs are loaded when they are first used. */
  open(options: CodecOptions): Promise<Codec>;
}
