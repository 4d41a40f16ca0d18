/** Single pages of Parquet, for who reads a row and not a row group. */
export { parquetHeader } from "npm:hyparquet@1.31.5/src/column.js";
export { DEFAULT_PARSERS } from "npm:hyparquet@1.31.5/src/convert.js";
export { decompressPage, readDataPage, readDataPageV2 } from "npm:hyparquet@1.31.5/src/datapage.js";
export { readRleBitPackedHybrid } from "npm:hyparquet@1.31.5/src/encoding.js";
export { readPlain } from "npm:hyparquet@1.31.5/src/plain.js";
export {
  getMaxDefinitionLevel,
  getMaxRepetitionLevel,
  getSchemaPath,
} from "npm:hyparquet@1.31.5/src/schema.js";
export { readVarInt } from "npm:hyparquet@1.31.5/src/thrift.js";
