import assert from "node:assert/strict";
import { frontMatter } from "../../lib/encoding/front_matter.ts";
import { parse } from "../../lib/npm/yaml.ts";
import type { Column } from "../../lib/shards/column.ts";
import type { FormatName } from "../../lib/shards/names.ts";

const COLUMNS: readonly Column[] = [
  { name: "id", type: "string" },
  { name: "text", type: "string" },
  { name: "narrow", type: "tokens", maximum: 1023 },
  { name: "wide", type: "tokens", maximum: 156_937 },
  { name: "yes", type: "bool" },
];
const FIGURES = {
  ...{ splits: [{ name: "train", rows: 3 }], hours: 1, tokens: 6, finished: true },
  ...{ quarantined: 0, filtered: 0 },
};

function featuresOf(format: FormatName): unknown {
  const yaml = frontMatter({ format, columns: COLUMNS, figures: FIGURES }).replaceAll("---\n", "");
  return parse(yaml.replace(/---$/, ""))["dataset_info"]["features"];
}

const TEXTS = [{ name: "id", dtype: "string" }, { name: "text", dtype: "string" }];
const YES = { name: "yes", dtype: "bool" };

Deno.test("frontMatter() types the members of a tar: text that begins with nulls is text", () => {
  assert.deepEqual(featuresOf("tar"), [
    { name: "json", struct: [...TEXTS, YES] },
    { name: "narrow.npy", sequence: "int16" },
    { name: "wide.npy", sequence: "int32" },
    { name: "__key__", dtype: "string" },
    { name: "__url__", dtype: "string" },
  ]);
});

Deno.test("frontMatter() types the index of .npy files, and the JSON in CSV files", () => {
  const entry = (name: string) => ({
    name,
    struct: [
      { name: "path", dtype: "string" },
      { name: "sha256", dtype: "string" },
      { name: "length", dtype: "int64" },
    ],
  });
  assert.deepEqual(featuresOf("npy"), [...TEXTS, entry("narrow"), entry("wide"), YES]);
  const cell = (name: string) => ({ name, dtype: "string" });
  assert.deepEqual(featuresOf("csv"), [...TEXTS, cell("narrow"), cell("wide"), YES]);
});
