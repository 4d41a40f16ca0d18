import assert from "node:assert/strict";
import { UsageError } from "../../lib/errors.ts";
import type { RowOptions } from "../../lib/sources/dataset.ts";
import type { RowColumn, RowType } from "../../lib/sources/row_columns.ts";
import { readFeatures } from "../../lib/sources/row_features.ts";
import { mapRowFields } from "../../lib/sources/row_mapping.ts";

const TEXT: RowType = { kind: "text" };
const WHOLE: RowType = { kind: "whole_number" };
const BYTES: RowType = { kind: "bytes" };
const FILE: RowType = {
  kind: "struct",
  fields: [{ name: "bytes", type: BYTES }, { name: "path", type: TEXT }],
};

function column(name: string, type: RowType, feature: string | null = null): RowColumn {
  return { name, type, feature, labels: feature === "ClassLabel" ? ["ann", "bob"] : null };
}

function map(columns: readonly RowColumn[], rows: Partial<RowOptions> = {}) {
  const { fields, audio, names } = mapRowFields({
    label: "a.parquet",
    columns,
    rows: { columns: null, where: {}, ...rows },
  });
  const named = Object.fromEntries([...fields].map(([field, { name }]) => [field, name]));
  return { fields: named, audio, names };
}

function refusal(columns: readonly RowColumn[], rows: Partial<RowOptions> = {}): string {
  try {
    map(columns, rows);
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error.message;
  }
  return assert.fail("nothing was refused");
}

Deno.test("mapRowFields() takes what was asked for, and columns that are called as fields", () => {
  const columns = [column("id", WHOLE), column("sentence", TEXT), column("speaker", WHOLE)];
  const rows = { columns: { text: "sentence", speaker: 2 } };
  assert.deepEqual(map(columns, rows).fields, { id: "id", text: "sentence", speaker: "speaker" });
  assert.deepEqual(map(columns).fields, { id: "id", speaker: "speaker" });
});

Deno.test("mapRowFields() reads each column once, those of filters as well", () => {
  const columns = [column("id", TEXT), column("text", TEXT), column("kind", TEXT)];
  const rows = { columns: { speaker: "text" }, where: { kind: "read", id: "a" } };
  assert.deepEqual(map(columns, rows).names, ["id", "text", "kind"]);
});

Deno.test("mapRowFields() leaves a field out where its column is called ''", () => {
  const columns = [column("id", TEXT), column("audio", FILE), column("start", TEXT)];
  const { fields, audio } = map(columns, { columns: { id: "", audio: "", start: "" } });
  assert.deepEqual([fields, audio], [{}, null]);
});

Deno.test("mapRowFields() says which columns exist, and which name was nearly right", () => {
  assert.equal(
    refusal([column("audio", FILE), column("sentence", TEXT)], { columns: { text: "sentense" } }),
    "Cannot read 'a.parquet': column 'sentense' for 'text' does not exist: it has 'audio' " +
      "(struct{bytes, path}), 'sentence' (text), did you mean 'sentence'",
  );
  assert.match(refusal([column("a", TEXT)], { columns: { text: 3 } }), /column 3 for 'text' does/);
});

Deno.test("mapRowFields() refuses what was asked for and holds something else", () => {
  const columns = [column("a", { kind: "list", element: TEXT }), column("n", WHOLE)];
  assert.match(
    refusal(columns, { columns: { text: "a" } }),
    /^Cannot read 'a\.parquet': column 'a' for 'text' is list of text: expected text: it has 'a'/,
  );
  assert.match(refusal(columns, { columns: { text: "n" } }), /is whole number: expected text/);
  assert.match(refusal(columns, { columns: { audio: "n" } }), /expected struct\{bytes, path\}, by/);
  assert.match(refusal(columns, { columns: { duration: "a" } }), /expected numbers/);
});

Deno.test("mapRowFields() leaves a column alone that is only called as a field, but for segments", () => {
  const list: RowType = { kind: "list", element: TEXT };
  assert.deepEqual(map([column("language", list), column("id", list)]).fields, {});
  assert.match(
    refusal([column("audio", TEXT), column("start", TEXT)]),
    /column 'start' for 'start' is text/,
  );
  assert.match(refusal([column("audio", WHOLE)]), /column 'audio' for 'audio' is whole number/);
});

Deno.test("mapRowFields() cuts audio that lies in the row only where that is asked for", () => {
  const cuts = [column("start", WHOLE), column("end", TEXT)];
  const paths: RowType = { kind: "struct", fields: [{ name: "path", type: TEXT }] };
  for (const type of [FILE, BYTES]) {
    const columns = [column("audio", type), ...cuts];
    assert.deepEqual(map(columns).fields, {});
    assert.deepEqual(map(columns, { columns: { start: "start" } }).fields, { start: "start" });
    assert.match(refusal(columns, { columns: { end: "end" } }), /for 'end' is text: expected num/);
  }
  const ends = [column("start", WHOLE), column("end", WHOLE)];
  for (const type of [TEXT, paths]) {
    const columns: RowColumn[] = [column("audio", type), ...ends];
    assert.deepEqual(map(columns).fields, { start: "start", end: "end" });
    assert.deepEqual(map(columns, { columns: { start: "", end: "" } }).fields, {});
  }
});

Deno.test("mapRowFields() takes names of labels for text", () => {
  const columns = [column("word", WHOLE, "ClassLabel")];
  assert.deepEqual(map(columns, { columns: { text: "word" } }).fields, { text: "word" });
});

Deno.test("mapRowFields() finds the audio: by name, as declared, by type", () => {
  assert.deepEqual(map([column("audio", TEXT), column("x", FILE)]).audio, {
    name: "audio",
    kind: "path",
  });
  assert.deepEqual(map([column("pic", FILE, "Image"), column("x", FILE, "Audio")]).audio, {
    name: "x",
    kind: "struct",
    hasBytes: true,
    hasPath: true,
  });
  assert.equal(map([column("a", TEXT)]).audio, null);
  assert.deepEqual(map([column("a", BYTES)], { columns: { audio: "a" } }).audio, {
    name: "a",
    kind: "bytes",
  });
  assert.equal(
    refusal([column("left", FILE), column("right", FILE)]),
    "Cannot read 'a.parquet': 'left' and 'right' hold audio: name one, such as columns: " +
      "{audio: left}: it has 'left' (struct{bytes, path}), 'right' (struct{bytes, path})",
  );
  assert.match(
    refusal([column("pic", FILE, "Image")], { columns: { audio: "pic" } }),
    /column 'pic' for 'audio' is Image: struct\{bytes, path\}: expected/,
  );
});

Deno.test("mapRowFields() refuses structs whose bytes are of another type, paths or not", () => {
  const fields = (type: RowType) => [{ name: "bytes", type }, { name: "path", type: TEXT }];
  const struct = (type: RowType): RowType => ({ kind: "struct", fields: fields(type) });
  const fixed = struct({ kind: "other", name: "bytes of a fixed length" });
  assert.match(
    refusal([column("audio", fixed)]),
    /'audio' for 'audio' is struct\{bytes: bytes of a fixed length, path\}: expected/,
  );
  const none = struct({ kind: "other", name: "null" });
  assert.equal(map([column("audio", none)]).audio?.kind, "struct");
});

Deno.test("readFeatures() takes what is no JSON, or other JSON, for no hint", () => {
  for (const json of [null, "", "[", "3", '{"info": 1}', '{"info": {"features": []}}']) {
    assert.deepEqual([...readFeatures(json)], []);
  }
  const json = '{"info": {"features": {"a": {"_type": "ClassLabel", "names": [1]}, "b": [1], ' +
    '"c": {"_type": "Value"}}}}';
  assert.deepEqual([...readFeatures(json)], [
    ["a", { name: "ClassLabel", labels: null }],
    ["b", { name: null, labels: null }],
    ["c", { name: null, labels: null }],
  ]);
});
