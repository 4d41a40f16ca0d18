/**
 * What decoders read from.
 *
 * @module
 */
import type { ByteSource } from "./byte_source.ts";

/** The bytes of one clip: a file, or a part of one. */
export interface AudioInput {
  /** What messages call it: `'a.flac'`, `'data.parquet' row 12`. */
  readonly label: string;
  /** Its bytes and no others. */
  readonly source: ByteSource;
  /** Path of a file that holds these bytes and no others: FFmpeg leaks where it reads memory. */
  file(): string;
}
