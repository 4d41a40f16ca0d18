/**
 * The part of a footer that describes some columns of one row group.
 *
 * hyparquet reads whole top-level columns: for the `path` of a `struct{bytes, path}` it would read
 * the audio as well. A footer without the rest makes it read just what is asked for.
 *
 * @module
 */

import { type FileMetaData, parquetSchema } from "../npm/hyparquet.ts";
import type { SchemaElement, SchemaTree } from "../npm/hyparquet.ts";
import { isText } from "./schema.ts";

/** A column by the names from the outside in: `["text"]`, or `["audio", "path"]` within a struct. */
export type ColumnPath = readonly string[];

/**
 * A footer with one row group and the given columns; a path also takes all that lies below it.
 * Values that are text are declared as nothing but text, so that JSON is not parsed.
 */
export function pruneMetadata(
  metadata: FileMetaData,
  rowGroup: number,
  paths: readonly ColumnPath[],
): FileMetaData {
  const group = metadata.row_groups[rowGroup];
  if (group === undefined) throw new RangeError(`There is no row group ${rowGroup}`);
  const columns = group.columns.filter(({ meta_data }) =>
    paths.some((path) => startsWith(meta_data?.path_in_schema ?? [], path))
  );
  return {
    ...metadata,
    num_rows: group.num_rows,
    schema: pruneTree(parquetSchema(metadata), paths),
    row_groups: [{ ...group, columns }],
  };
}

function pruneTree(tree: SchemaTree, paths: readonly ColumnPath[]): SchemaElement[] {
  if (tree.children.length === 0) return [asPlainText(tree.element)];
  const children = tree.children.filter((child) =>
    paths.some((path) => startsWith(child.path, path) || startsWith(path, child.path))
  );
  return [
    { ...tree.element, num_children: children.length },
    ...children.flatMap((child) => pruneTree(child, paths)),
  ];
}

function asPlainText(element: SchemaElement): SchemaElement {
  if (!isText(element) || element.type !== "BYTE_ARRAY") return element;
  return { ...element, converted_type: "UTF8", logical_type: { type: "STRING" } };
}

function startsWith(path: readonly string[], head: readonly string[]): boolean {
  return head.every((name, index) => path[index] === name);
}
