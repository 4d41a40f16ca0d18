import assert from "node:assert/strict";
import { UsageError } from "../../lib/errors.ts";
import { Constants, type DatasetConstants } from "../../lib/encoding/constants.ts";
import type { Constant } from "../../lib/sources/dataset.ts";

function typeOf(...values: Constant[]): string | undefined {
  return new Constants(values.map((value) => ({ a: value }))).columns[0]?.type;
}

Deno.test("a constant's column takes the values of every dataset", () => {
  assert.equal(typeOf(1, 2), "int64");
  assert.equal(typeOf(1, 0.5), "float64");
  assert.equal(typeOf(0.5, null, 1), "float64");
  assert.equal(typeOf(2 ** 60), "float64");
  assert.equal(typeOf("x", null), "string");
  assert.equal(typeOf(null, true), "bool");
  assert.equal(typeOf(null, null), "string");
});

Deno.test("constants of kinds that share no column are refused, and both datasets named", () => {
  const mixed: readonly (readonly [Constant, Constant, RegExp])[] = [
    [1, "1", /it is a number in 'org\/a' and text in 'org\/b'/],
    [true, 1, /it is true or false in 'org\/a' and a number in 'org\/b'/],
    ["x", false, /it is text in 'org\/a' and true or false in 'org\/b'/],
  ];
  for (const [left, right, message] of mixed) {
    assert.throws(() => new Constants([{ a: left }, { a: right }], ["org/a", "org/b"]), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("datasets must have the same constants", () => {
  const both: readonly (readonly [DatasetConstants, DatasetConstants, RegExp])[] = [
    [{ a: 1 }, {}, /dataset 1 has the constant 'a', dataset 2 has not/],
    [{}, { b: 1 }, /dataset 2 has the constant 'b', dataset 1 has not/],
  ];
  for (const [left, right, message] of both) {
    assert.throws(() => new Constants([left, right]), message);
  }
});

Deno.test("one set of constants is that of every dataset", () => {
  const constants = new Constants([{ a: 1 }]);
  assert.deepEqual([constants.of(0), constants.of(7)], [{ a: 1 }, { a: 1 }]);
  assert.deepEqual(new Constants([]).of(3), {});
  const two = new Constants([{ a: 1, b: "x" }, { b: "y", a: 2 }]);
  assert.deepEqual(Object.entries(two.of(1)), [["a", 2], ["b", "y"]]);
  assert.deepEqual(two.valuesOf("b"), ["x", "y"]);
  assert.throws(() => two.of(2), /Cannot find the constants of dataset 3/);
});
