/**
 * Where the audio of a Parquet column lies, as the footer tells it. Nothing else of a footer is
 * kept: those of large files describe thousands of columns.
 *
 * @module
 */
import type { ColumnMetaData, FileMetaData, RowGroup, SchemaElement } from "../npm/hyparquet.ts";
import { DEFAULT_PARSERS, getSchemaPath, type readDataPageV2 } from "../npm/hyparquet_pages.ts";
import { pageCompressors } from "./page_compressors.ts";

/** What is needed to read the pages of one leaf of one row group. */
export interface CellChunk {
  /** Where its pages begin and end in the file. */
  readonly start: number;
  readonly end: number;
  readonly rows: number;
  /** Bytes of all its pages, decompressed: no page of it is larger. */
  readonly uncompressed: number;
  /** Bytes that one page takes at least, as far as the footer tells. */
  readonly pageBytes: number;
  readonly decoder: Parameters<typeof readDataPageV2>[2];
}

/** The audio column within one row group. */
export interface CellGroup {
  readonly index: number;
  /** Its first row in the file. */
  readonly firstRow: number;
  readonly rows: number;
  /** Null where the column holds paths alone. */
  readonly bytes: CellChunk | null;
  readonly path: CellChunk | null;
}

/**
 * Finds a column that holds bytes, paths, or structs of `bytes` and `path`.
 *
 * @throws {Error} If there is no such column.
 */
export function cellGroups(metadata: FileMetaData, column: string): readonly CellGroup[] {
  const leaves = findLeaves(metadata.schema, column);
  const groups: CellGroup[] = [];
  let firstRow = 0;
  for (const [index, group] of metadata.row_groups.entries()) {
    const chunk = (leaf: Leaf | null) => leaf === null ? null : chunkOf(group, index, leaf);
    const rows = Number(group.num_rows);
    groups.push({ index, firstRow, rows, bytes: chunk(leaves.bytes), path: chunk(leaves.path) });
    firstRow += rows;
  }
  return groups;
}

/** A column of values, or a field of a column of structs. */
interface Leaf {
  readonly path: readonly string[];
  readonly schemaPath: CellChunk["decoder"]["schemaPath"];
  readonly element: SchemaElement;
}

function findLeaves(
  schema: SchemaElement[],
  column: string,
): { readonly bytes: Leaf | null; readonly path: Leaf | null } {
  const [root, top] = getSchemaPath(schema, [column]);
  if (root === undefined || top === undefined) throw new Error(`it has no column '${column}'`);
  const bytes = asLeaf([root, top], false);
  const path = asLeaf([root, top], true);
  if (bytes !== null || path !== null) return { bytes, path };
  const child = (name: string) => top.children.filter(({ element }) => element.name === name);
  const [bytesChild] = child("bytes").map((tree) => asLeaf([root, top, tree], false));
  const [pathChild] = child("path").map((tree) => asLeaf([root, top, tree], true));
  const fields = { bytes: bytesChild ?? null, path: pathChild ?? null };
  if (fields.bytes !== null || fields.path !== null) return fields;
  throw new Error(`its column '${column}' holds neither bytes nor structs with bytes`);
}

/** Null if it is no leaf, one of a list, or holds something else. */
function asLeaf(schemaPath: Leaf["schemaPath"], text: boolean): Leaf | null {
  const tree = schemaPath.at(-1);
  if (tree === undefined || tree.children.length > 0 || tree.element.type !== "BYTE_ARRAY") {
    return null;
  }
  const isInList = schemaPath.some(({ element }) => element.repetition_type === "REPEATED");
  if (isInList || isText(tree.element) !== text) return null;
  return { path: tree.path, schemaPath, element: tree.element };
}

function isText({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return converted === "UTF8" || logical?.type === "STRING";
}

function chunkOf(group: RowGroup, index: number, { path, schemaPath, element }: Leaf): CellChunk {
  const chunk = group.columns.find(({ meta_data }) => isSame(meta_data?.path_in_schema, path));
  const data = chunk?.meta_data;
  if (data === undefined || chunk?.file_path !== undefined) {
    throw new Error(`its row group ${index} does not hold the column '${path.join(".")}'`);
  }
  const start = pagesBegin(data);
  return {
    start,
    end: start + Number(data.total_compressed_size),
    rows: Number(group.num_rows),
    uncompressed: Number(data.total_uncompressed_size),
    pageBytes: pageBytes(data),
    decoder: {
      ...{ type: data.type, codec: data.codec, pathInSchema: data.path_in_schema },
      ...{ schemaPath, element, utf8: false },
      ...{ compressors: pageCompressors, parsers: DEFAULT_PARSERS },
    },
  };
}

/** Names may hold dots: the column `audio.bytes` is not the field `bytes` of `audio`. */
function isSame(path: readonly string[] | undefined, other: readonly string[]): boolean {
  return path?.length === other.length && path.every((name, index) => name === other[index]);
}

/** A dictionary comes first, though some writers do not say that there is one. */
function pagesBegin({ dictionary_page_offset: dictionary, ...data }: ColumnMetaData): number {
  const first = Number(data.data_page_offset);
  return dictionary ? Math.min(first, Number(dictionary)) : first;
}

/** The mean of all pages, or the dictionary, which may hold all values of a row group. */
function pageBytes(data: ColumnMetaData): number {
  const pages = data.encoding_stats?.reduce((sum, { count }) => sum + count, 0) ?? 0;
  const mean = pages > 0 ? Number(data.total_compressed_size) / pages : 0;
  return Math.max(mean, Number(data.data_page_offset) - pagesBegin(data));
}
