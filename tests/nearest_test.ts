import assert from "node:assert/strict";
import fc from "../lib/npm/fast_check.ts";
import { didYouMean, editDistance, nearest } from "../lib/nearest.ts";

Deno.test("editDistance() counts insertions, deletions and replacements", () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ["", "", 0],
    ["", "abc", 3],
    ["kitten", "sitting", 3],
    ["speker", "speaker", 1],
    ["flaw", "lawn", 2],
  ];
  for (const [left, right, distance] of cases) {
    assert.equal(editDistance(left, right), distance);
  }
});

Deno.test("editDistance() is symmetric and zero for equal text alone", () => {
  const text = fc.string({ maxLength: 12 });
  fc.assert(fc.property(text, text, (left, right) => {
    const distance = editDistance(left, right);
    assert.equal(distance, editDistance(right, left));
    assert.equal(distance === 0, left === right);
  }));
});

Deno.test("nearest() finds a slip and leaves another word alone", () => {
  const names = ["id", "speaker", "text"];
  assert.equal(nearest("speker", names), "speaker");
  assert.equal(nearest("TEXT", names), "text");
  assert.equal(nearest("banana", names), null);
  assert.equal(nearest("xy", names), null);
});

Deno.test("didYouMean() is nothing where no name is near", () => {
  assert.equal(didYouMean("txet", ["text"]), ", did you mean 'text'");
  assert.equal(didYouMean("banana", ["text"]), "");
});
