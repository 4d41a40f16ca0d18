/** Reading Parquet. */
export * from "npm:hyparquet@1.31.5";
