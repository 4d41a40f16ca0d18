import assert from "node:assert/strict";
import { FieldError } from "../../lib/sources/fields.ts";
import type { RowColumn } from "../../lib/sources/row_columns.ts";
import { readRowFields, type RowAudio } from "../../lib/sources/row_fields.ts";
import { mapRowFields } from "../../lib/sources/row_mapping.ts";

function column(name: string, kind: "text" | "number" | "whole_number"): RowColumn {
  return {
    name,
    type: { kind },
    feature: null,
    labels: name === "speaker" ? ["ann", "bob"] : null,
  };
}

const COLUMNS: readonly RowColumn[] = [
  column("text", "text"),
  column("speaker", "whole_number"),
  column("language", "text"),
  column("duration", "number"),
  column("start", "number"),
  column("end", "number"),
];

const CELL: RowAudio = { kind: "cell" };

function read(row: Readonly<Record<string, unknown>>, audio: RowAudio = CELL) {
  const mapping = mapRowFields({
    label: "a.parquet",
    columns: "id" in row ? [column("id", "whole_number"), ...COLUMNS] : COLUMNS,
    rows: { columns: { start: "start", end: "end" }, where: {} },
  });
  return readRowFields(mapping, { value: (column) => row[column], audio, id: "set/7" });
}

function refusal(row: Readonly<Record<string, unknown>>, audio: RowAudio = CELL) {
  try {
    read(row, audio);
  } catch (error) {
    assert.ok(error instanceof FieldError);
    return [error.id, error.message];
  }
  return assert.fail("nothing was refused");
}

Deno.test("readRowFields() reads every field; numbers may be ids, and names of labels speakers", () => {
  const row = { id: 12, text: "hi", speaker: 1, language: "de", duration: 2, start: 0.5, end: 1 };
  assert.deepEqual(read(row), { ...row, id: "12", speaker: "bob", audio: null });
  assert.equal(read({ id: 2n ** 63n - 1n }).id, "9223372036854775807");
  assert.equal(read({ id: "a" }).id, "a");
});

Deno.test("readRowFields() calls a row without an id column by its number", () => {
  assert.deepEqual(read({ text: null }), {
    id: "set/7",
    text: null,
    audio: null,
    speaker: null,
    language: null,
    duration: null,
    start: null,
    end: null,
  });
});

Deno.test("readRowFields() gives paths as they were written, and null for a label of -1", () => {
  const { audio, speaker } = read({ speaker: -1 }, { kind: "path", path: "a/b.wav" });
  assert.deepEqual([audio, speaker], ["a/b.wav", null]);
});

Deno.test("readRowFields() refuses a row that cannot be a sample, by its id", () => {
  assert.deepEqual(refusal({ id: null }), [null, "'id' is null"]);
  assert.deepEqual(refusal({ id: "" }), [null, "'id' is empty"]);
  const none: RowAudio = { kind: "none" };
  assert.deepEqual(refusal({ text: "" }, none), ["set/7", "it has neither audio nor text"]);
  assert.equal(read({ text: "a" }, none).text, "a");
  assert.deepEqual(refusal({ id: 1, text: new Uint8Array(2) }), ["1", "'text' is not valid UTF-8"]);
  assert.deepEqual(refusal({ text: "a\0" }), ["set/7", "'text' holds a NUL character"]);
  assert.deepEqual(refusal({ speaker: 2 }), ["set/7", "'speaker' is 2: there are 2 labels"]);
  assert.deepEqual(refusal({ duration: -1 }), [
    "set/7",
    "'duration' is -1: expected seconds, 0 or more",
  ]);
  assert.deepEqual(refusal({}, { kind: "path", path: new Uint8Array(1) }), [
    "set/7",
    "'audio' is not valid UTF-8",
  ]);
});
