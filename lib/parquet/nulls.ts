/**
 * How many values of a column are null, by the footer alone.
 *
 * @module
 */

import { parquetSchema } from "../npm/hyparquet.ts";
import type { ParquetFile, ParquetRowGroup } from "./open.ts";
import type { ColumnPath } from "./prune.ts";

/**
 * Counts the nulls of a value that is not in a list, without reading its pages.
 *
 * @returns Null where the writer has left no statistics.
 */
export function nullCount(
  file: ParquetFile,
  group: ParquetRowGroup,
  path: ColumnPath,
): number | null {
  if (!mayBeNull(file, path)) return 0;
  const name = path.join("\0");
  const chunk = file.metadata.row_groups[group.index]?.columns.find(({ meta_data }) =>
    meta_data?.path_in_schema.join("\0") === name
  )?.meta_data;
  const counted = chunk?.statistics?.null_count;
  if (counted !== undefined) return Number(counted);
  // One count for each level at which a value may be missing; the last is that of values.
  const levels = chunk?.size_statistics?.definition_level_histogram;
  const values = levels?.at(-1);
  return values === undefined ? null : group.rows - Number(values);
}

function mayBeNull({ metadata }: ParquetFile, path: ColumnPath): boolean {
  let { children } = parquetSchema(metadata);
  return path.some((name) => {
    const found = children.find(({ element }) => element.name === name);
    children = found?.children ?? [];
    return found?.element.repetition_type !== "REQUIRED";
  });
}
