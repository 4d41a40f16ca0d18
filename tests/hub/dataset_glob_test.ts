import assert from "node:assert/strict";
import { globMatcher } from "../../lib/hub/dataset/glob.ts";

/** As `fsspec` 2026, by which `datasets` finds files, answers. */
const CASES: readonly [pattern: string, path: string, isMeant: boolean][] = [
  ["data/*.parquet", "data/a.parquet", true],
  ["data/*.parquet", "data/a/b.parquet", false],
  ["*", "a/b", false],
  ["**", "a/b", true],
  ["data/**", "data", false],
  ["data/**", "data/a/b", true],
  ["**/train/**", "train/a", true],
  ["**/train/**", "x/y/train/z/a", true],
  ["**/train/**", "x/trainer/a", false],
  ["a/**/b/**/c", "a/b/b/x/b/c", true],
  ["**/[ab]*b/**", "a/a.b", false],
  ["?.[!0-9]*", "a.b1", true],
  ["?.[!0-9]*", "a.1b", false],
  ["[0-9_]", "_", true],
  ["[]-]x", "-x", true],
  ["a[", "a[", true],
  ["(a|b){c}+$", "(a|b){c}+$", true],
  ["(a|b)?", "ax", false],
  ["*/x", "/x", false],
  ["ä?", "äö", true],
];

Deno.test("globMatcher() means the files that Python means", () => {
  for (const [pattern, path, isMeant] of CASES) {
    assert.equal(globMatcher(pattern)(path), isMeant, `${pattern} ${path}`);
  }
});

Deno.test("globMatcher() has an end, whatever the pattern", () => {
  const name = "a".repeat(500);
  assert.equal(globMatcher(`${"*a".repeat(100)}b`)(name), false);
  assert.equal(globMatcher(`${"**/a*/".repeat(50)}b`)(Array(100).fill(name).join("/")), false);
});
