/**
 * The columns of a file of rows (Parquet, Arrow): what they are called and what they hold.
 *
 * @module
 */

/** What the values of a column are. Any of them may be null. */
export type RowType =
  | { readonly kind: "text" | "whole_number" | "boolean" | "bytes" }
  /** Where the file has shorter ones than doubles, they are rounded: 0.1 is stored as 0.100000001. */
  | { readonly kind: "number"; readonly precision?: "single" | "half" }
  | { readonly kind: "list"; readonly element: RowType }
  | { readonly kind: "struct"; readonly fields: readonly RowField[] }
  /** Something that no field of a sample is read from. */
  | { readonly kind: "other"; readonly name: string };

/** A named value within a struct. */
export interface RowField {
  readonly name: string;
  readonly type: RowType;
}

/** A column. */
export interface RowColumn extends RowField {
  /**
   * What `datasets` declares it to be, such as `Audio`, `Image` or `ClassLabel`; null where the
   * file does not say, and for plain values.
   */
  readonly feature: string | null;
  /** Of a `ClassLabel`: the names that its numbers stand for. */
  readonly labels: readonly string[] | null;
}

const WORDS = {
  text: "text",
  whole_number: "whole number",
  number: "number",
  boolean: "true or false",
  bytes: "bytes",
} as const;

/** A type in words: `text`, `list of whole number`, `struct{bytes, path}`. */
export function describeType(type: RowType): string {
  switch (type.kind) {
    case "list":
      return `list of ${describeType(type.element)}`;
    case "struct":
      return `struct{${type.fields.map(describeField).join(", ")}}`;
    case "other":
      return type.name;
    default:
      return WORDS[type.kind];
  }
}

/** A field called after its type (`bytes`) and the usual `path` need no further words. */
function describeField({ name, type }: RowField): string {
  const words = describeType(type);
  const isObvious = name === words || (name === "path" && type.kind === "text");
  return isObvious ? name : `${name}: ${words}`;
}

/** All columns in a line: `'audio' (struct{bytes, path}), 'speaker' (text)`. */
export function describeColumns(columns: readonly RowColumn[]): string {
  if (columns.length === 0) return "it has no columns";
  return `it has ${
    columns.map((column) => `'${column.name}' (${describeColumn(column)})`).join(", ")
  }`;
}

/** What a column holds, in words. */
export function describeColumn({ type, feature, labels }: RowColumn): string {
  if (labels !== null) return `${describeType(type)} with names`;
  return feature === null || feature === "Audio"
    ? describeType(type)
    : `${feature}: ${describeType(type)}`;
}

/** The type of a field of a struct, or null where there is none of that name. */
export function fieldType(type: RowType, name: string): RowType | null {
  if (type.kind !== "struct") return null;
  return type.fields.find((field) => field.name === name)?.type ?? null;
}
