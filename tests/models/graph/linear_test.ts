import assert from "node:assert/strict";
import { scaledRows, transposed } from "../../../models/graph/linear.ts";
import type { Weight } from "../../../models/graph/weight.ts";

function weight(name: string, shape: readonly number[], values: readonly number[]): Weight {
  return { name, shape, load: () => Promise.resolve(Float32Array.from(values)) };
}

Deno.test("transposed() swaps rows and columns", async () => {
  const turned = transposed(weight("w", [2, 3], [1, 2, 3, 4, 5, 6]));
  assert.deepEqual(turned.shape, [3, 2]);
  assert.deepEqual(await turned.load(), Float32Array.of(1, 4, 2, 5, 3, 6));
});

Deno.test("scaledRows() multiplies each row with its factor", async () => {
  const matrix = weight("w", [2, 2], [1, 2, 3, 4]);
  const scaled = scaledRows(matrix, weight("s", [2], [10, 0.5]));
  assert.deepEqual(await scaled.load(), Float32Array.of(10, 20, 1.5, 2));
  assert.throws(
    () => scaledRows(matrix, weight("s", [3], [1, 2, 3])),
    new TypeError("Cannot scale 'w' [2, 2] with 's' [3]"),
  );
});
