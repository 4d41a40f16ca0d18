import assert from "node:assert/strict";
import { UsageError } from "../../lib/errors.ts";
import type { RowOptions } from "../../lib/sources/dataset.ts";
import type { RowColumn } from "../../lib/sources/row_columns.ts";
import { matchesFilters, rowFilters } from "../../lib/sources/row_filter.ts";

const COLUMNS: readonly RowColumn[] = [
  { name: "kind", type: { kind: "text" }, feature: null, labels: null },
  { name: "age", type: { kind: "whole_number" }, feature: null, labels: null },
  { name: "clean", type: { kind: "boolean" }, feature: null, labels: null },
  { name: "who", type: { kind: "whole_number" }, feature: "ClassLabel", labels: ["ann", "bob"] },
  { name: "score", type: { kind: "number" }, feature: null, labels: null },
  { name: "single", type: { kind: "number", precision: "single" }, feature: null, labels: null },
  { name: "half", type: { kind: "number", precision: "half" }, feature: null, labels: null },
  { name: "audio", type: { kind: "bytes" }, feature: null, labels: null },
];

const ROW: Readonly<Record<string, unknown>> = { kind: "read", age: 30, clean: true, who: 1 };

function filters(where: RowOptions["where"]) {
  return rowFilters({ label: "a.parquet", columns: COLUMNS, rows: { where } });
}

function matches(where: RowOptions["where"], row = ROW): boolean {
  return matchesFilters(filters(where), (column) => row[column]);
}

Deno.test("matchesFilters() takes rows that have one of the values in every column", () => {
  assert.equal(matches({}), true);
  assert.equal(matches({ kind: "read", age: [20, 30], clean: true }), true);
  assert.equal(matches({ kind: "read", age: 20 }), false);
  assert.equal(matches({ who: "bob" }), true);
  assert.equal(matches({ who: "ann" }), false);
  assert.equal(matches({ who: 1 }), true);
  assert.equal(matches({ kind: null }, {}), true);
  assert.equal(matches({ kind: null }), false);
});

Deno.test("matchesFilters() compares numbers as the file holds them", () => {
  assert.equal(matches({ single: 0.1 }, { single: Math.fround(0.1) }), true);
  assert.equal(matches({ half: 0.1 }, { half: Math.f16round(0.1) }), true);
  assert.equal(matches({ score: 0.1 }, { score: 0.1 }), true);
  assert.equal(matches({ score: 0.1 }, { score: Math.fround(0.1) }), false);
  assert.equal(matches({ score: 2 ** 60 }, { score: 2 ** 60 }), true);
  const large = { age: ["9007199254740993", "-9007199254740993"] };
  assert.equal(matches(large, { age: 9007199254740993n }), true);
  assert.equal(matches(large, { age: -9007199254740993n }), true);
  assert.equal(matches(large, { age: 9007199254740992n }), false);
});

Deno.test("rowFilters() refuses filters that no row can match", () => {
  const cases: [RowOptions["where"], RegExp][] = [
    [
      { kin: "a" },
      /^Cannot filter 'a\.parquet': column 'kin' does not exist: it has 'kind' \(te.*, did you mean 'kind'$/,
    ],
    [{ kind: 3 }, /^Cannot filter 'a\.parquet': column 'kind' is text and never equals 3$/],
    [{ age: "30" }, /column 'age' is whole number and never equals "30"$/],
    [
      { age: 2 ** 53 },
      /'age' cannot be compared with 9007199254740992, .*: put numbers beyond 9\d+1 in quotes, as text$/,
    ],
    [{ clean: "yes" }, /column 'clean' is true or false and never equals "yes"$/],
    [{ who: "bop" }, /column 'who' is never 'bop': it may be 'ann', 'bob', did you mean 'bob'$/],
    [{ audio: "x" }, /column 'audio' is bytes and never equals "x"$/],
    [{ kind: [] }, /column 'kind' has no value to compare with$/],
  ];
  for (const [where, message] of cases) {
    assert.throws(() => filters(where), (error: Error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, message);
      return true;
    });
  }
});
