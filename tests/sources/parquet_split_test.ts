import assert from "node:assert/strict";
import { UsageError } from "../../lib/errors.ts";
import { chooseSplit, splitOf } from "../../lib/sources/parquet_split.ts";

Deno.test("splitOf() knows shards, what the Hub converts, words, and takes the rest for train", () => {
  const cases: [string, string][] = [
    ["data/train-00000-of-00004.parquet", "train"],
    ["data/train.clean.100-00000-of-00004-0123456789abcdef.parquet", "train.clean.100"],
    ["de/validated-00001-of-00002.parquet", "validated"],
    ["default/test.other/0000.parquet", "test.other"],
    ["default/partial-train/0003.parquet", "train"],
    ["dev.parquet", "validation"],
    ["my_data_VALID.parquet", "validation"],
    ["testing/a.parquet", "test"],
    ["test/training-1.parquet", "train"],
    ["eval-1/a-b.parquet", "test"],
    ["contest.parquet", "train"],
    ["0000.parquet", "train"],
  ];
  for (const [path, split] of cases) assert.equal(splitOf(path), split, path);
});

Deno.test("chooseSplit() takes the split that was asked for, else train, else the only one", () => {
  const paths = ["train-1.parquet", "test-1.parquet", "train-2.parquet"];
  const choose = (split: string | null, of = paths) =>
    chooseSplit({ label: "x", paths: of, split });
  assert.deepEqual(choose(null), ["train-1.parquet", "train-2.parquet"]);
  assert.deepEqual(choose("test"), ["test-1.parquet"]);
  assert.deepEqual(choose(null, ["dev.parquet"]), ["dev.parquet"]);
});

Deno.test("chooseSplit() lists the splits that there are", () => {
  const refuse = (split: string | null, message: string) =>
    assert.throws(
      () => chooseSplit({ label: "x", paths: ["dev.parquet", "test.parquet"], split }),
      (error: Error) => error instanceof UsageError && error.message === message,
    );
  refuse(
    null,
    "Cannot choose a split of 'x': it has 'validation', 'test': set split to one of them",
  );
  refuse(
    "tst",
    "Cannot find split 'tst' of 'x': it has 'validation', 'test', did you mean 'test'",
  );
});
