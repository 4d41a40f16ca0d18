/**
 * A row of a table.
 *
 * @module
 */

import type { ColumnLayout } from "./columns.ts";
import { checkFields, FieldError, type FieldName, type SampleFields } from "./fields.ts";

const SECONDS = /^\d+(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Reads the fields of a row; an empty cell is none.
 *
 * @throws {FieldError} If the row has too few or too many cells, no id, or seconds that are none.
 */
export function parseRow(
  cells: readonly string[],
  layout: ColumnLayout,
): SampleFields {
  if (!layout.widths.includes(cells.length)) {
    const expected = layout.widths.join(" or ");
    throw new FieldError(
      `it has ${cells.length} fields: expected ${expected}`,
      null,
    );
  }
  const cell = (field: FieldName) => cellOf(cells, layout, field);
  const id = cell("id");
  if (id === null) throw new FieldError("its id is empty", null);
  const fields: SampleFields = {
    id,
    text: cell("text"),
    audio: cell("audio"),
    speaker: cell("speaker"),
    language: cell("language"),
    duration: secondsOf(cell("duration"), "duration", id),
    start: secondsOf(cell("start"), "start", id),
    end: secondsOf(cell("end"), "end", id),
  };
  checkAudio(fields, layout.columns.has("audio"));
  return checkFields(fields);
}

function cellOf(
  cells: readonly string[],
  layout: ColumnLayout,
  field: FieldName,
): string | null {
  for (const column of layout.columns.get(field) ?? []) {
    const cell = cells[column];
    if (cell !== undefined && cell !== "") return cell;
  }
  return null;
}

function secondsOf(
  cell: string | null,
  name: FieldName,
  id: string,
): number | null {
  if (cell === null) return null;
  const seconds = SECONDS.test(cell.trim()) ? Number(cell) : Infinity;
  if (seconds < Infinity) return seconds;
  throw new FieldError(
    `'${name}' is '${cell}': expected seconds, 0 or more`,
    id,
  );
}

function checkAudio(fields: SampleFields, hasAudioColumn: boolean): void {
  if (hasAudioColumn && fields.audio === null && fields.text === null) {
    throw new FieldError("it has neither 'audio' nor 'text'", fields.id);
  }
  if (!hasAudioColumn && fields.id.includes("\0")) {
    throw new FieldError(
      "its id names the audio file and holds a NUL character",
      fields.id,
    );
  }
}
