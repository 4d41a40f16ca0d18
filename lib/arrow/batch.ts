/**
 * Which buffers of a batch belong to which column. They stand in the order of the schema, parts
 * after what they are parts of.
 *
 * @module
 */
import { ArrowFault } from "./flatbuffer.ts";
import type { BatchMessage, FileRange } from "./messages.ts";
import type { ArrowField } from "./schema.ts";

/** A column of one batch, or a part of one. */
export interface BatchColumn {
  readonly field: ArrowField;
  /** Rows of the batch. */
  readonly rows: number;
  /** Its own buffers, where they are in the file. */
  readonly buffers: readonly FileRange[];
  readonly children: readonly BatchColumn[];
}

/**
 * Assigns the buffers of a batch.
 *
 * @returns The columns by name.
 * @throws {ArrowFault} If there are more or fewer than the columns need.
 */
export function columnsOf(
  fields: readonly ArrowField[],
  batch: BatchMessage,
): ReadonlyMap<string, BatchColumn> {
  let next = 0;
  let nextMore = 0;
  const assign = (field: ArrowField): BatchColumn => {
    const count = field.buffers + (field.hasMoreBuffers ? batch.moreBuffers[nextMore++] ?? 0 : 0);
    const buffers = batch.buffers.slice(next, next + count);
    next += count;
    return { field, rows: batch.rows, buffers, children: field.children.map(assign) };
  };
  const columns = fields.map(assign);
  if (next !== batch.buffers.length) {
    throw new ArrowFault(`a batch has ${batch.buffers.length} buffers: its columns need ${next}`);
  }
  return new Map(columns.map((column) => [column.field.name, column]));
}
