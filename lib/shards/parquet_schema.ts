/**
 * The columns of a run as Parquet and `datasets` name them.
 *
 * @module
 */
import type { KeyValue, SchemaElement } from "../npm/hyparquet_writer.ts";
import type { Column, ColumnType } from "./column.ts";

type ScalarType = Exclude<ColumnType, "tokens">;

const SCALARS: { readonly [Type in ScalarType]: Omit<SchemaElement, "name"> } = {
  string: { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } },
  int64: { type: "INT64" },
  float64: { type: "DOUBLE" },
  bool: { type: "BOOLEAN" },
};

/**
 * The schema of a file. A list has three levels, as the format's specification has it since 2014
 * (https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists).
 */
export function parquetSchema(columns: readonly Column[]): SchemaElement[] {
  return [{ name: "schema", num_children: columns.length }, ...columns.flatMap(elements)];
}

function elements({ name, type }: Column): SchemaElement[] {
  if (type !== "tokens") return [{ name, repetition_type: "OPTIONAL", ...SCALARS[type] }];
  return [
    {
      ...{ name, repetition_type: "OPTIONAL", num_children: 1 },
      ...{ converted_type: "LIST", logical_type: { type: "LIST" } },
    },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", repetition_type: "OPTIONAL", type: "INT32" },
  ];
}

/**
 * What `datasets` and the Hub's viewer read the types from. A list is written as `Sequence`:
 * every version reads that, and those before 4 know no `List`.
 */
export function huggingFaceFeatures(columns: readonly Column[]): KeyValue {
  const value = (dtype: string) => ({ dtype, _type: "Value" });
  const features = Object.fromEntries(columns.map(({ name, type }) => [
    name,
    type === "tokens" ? { feature: value("int32"), _type: "Sequence" } : value(type),
  ]));
  return { key: "huggingface", value: JSON.stringify({ info: { features } }) };
}
