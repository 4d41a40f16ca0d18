/** Codecs of Parquet pages: Snappy in WebAssembly, Zstandard, Brotli, LZ4. */
export { compressors } from "npm:hyparquet-compressors@1.1.2";
