/**
 * Decompressing pages.
 *
 * @module
 */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { compressors } from "../npm/hyparquet_compressors.ts";

type Compressors = typeof compressors;

type Decompress = NonNullable<Compressors[keyof Compressors]>;

/**
 * The codecs of Parquet pages. Those that the runtime has are four times as fast as the same in
 * JavaScript, and stop at the length that the page declares.
 */
export const pageCompressors: Compressors = {
  ...compressors,
  LZ4: unlessEmpty(compressors.LZ4),
  LZ4_RAW: unlessEmpty(compressors.LZ4_RAW),
  GZIP: unlessEmpty((bytes, length) => gunzipSync(bytes, { maxOutputLength: length })),
  BROTLI: unlessEmpty((bytes, length) => brotliDecompressSync(bytes, { maxOutputLength: length })),
  ZSTD: unlessEmpty((bytes, length) => zstdDecompressSync(bytes, { maxOutputLength: length })),
};

/**
 * Pages of nothing but nulls may have no bytes: the runtime takes 0 for no limit, and the LZ4 of
 * the package reads beyond the end.
 */
function unlessEmpty(decompress: Decompress | undefined): Decompress {
  return (bytes, length) => {
    if (length === 0) return new Uint8Array();
    if (decompress === undefined) throw new Error("its compression is not known");
    return decompress(bytes, length);
  };
}
