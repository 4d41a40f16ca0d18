/**
 * Decompressing pages.
 *
 * @module
 */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { compressors } from "../npm/hyparquet_compressors.ts";

type Compressors = typeof compressors;

/**
 * The codecs of Parquet pages. Those that the runtime has are four times as fast as the same in
 * JavaScript, and stop at the length that the page declares.
 */
export const pageCompressors: Compressors = {
  ...compressors,
  GZIP: (bytes, length) => gunzipSync(bytes, upTo(length)),
  BROTLI: (bytes, length) => brotliDecompressSync(bytes, upTo(length)),
  ZSTD: (bytes, length) => zstdDecompressSync(bytes, upTo(length)),
};

/** Pages of nothing but nulls may have no bytes, which the runtime takes for no limit. */
function upTo(length: number): { readonly maxOutputLength: number } {
  return { maxOutputLength: Math.max(1, length) };
}
