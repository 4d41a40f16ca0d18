import assert from "node:assert/strict";
import fc from "../lib/npm/fast_check.ts";
import { splitOf, splitValue } from "../lib/split.ts";

const VECTORS: readonly (readonly [key: string, value: number])[] = [
  ["a", 636_152],
  ["sample_0001", 373_693],
  ["utt-000123", 100_027],
  ["spk000_003455", 665_161],
  ["LJ001-0001", 595_244],
  ["日本語_1", 49_915],
  ["0", 564_428],
  ["1", 259_883],
  ["x".repeat(40), 285_098],
];

Deno.test("splitValue() equals the predecessors' vectors", () => {
  for (const [key, value] of VECTORS) assert.equal(splitValue(key), value, key);
});

Deno.test("splitOf() puts the seven known ids of a thousand into validation", () => {
  const ids = Array.from(
    { length: 1000 },
    (_, index) => `utt_${String(index).padStart(5, "0")}`,
  );
  assert.deepEqual(
    ids.filter((id) => splitOf(id, 0.01) === "validation"),
    ["00093", "00134", "00191", "00306", "00740", "00748", "00915"].map((id) => `utt_${id}`),
  );
});

Deno.test("splitOf() keeps all in one split for ratios of 0 and 1", () => {
  for (const [key] of VECTORS) {
    assert.equal(splitOf(key, 0), "train");
    assert.equal(splitOf(key, 1), "validation");
  }
});

Deno.test("splitOf() compares exactly where ratio times a million is rounded up", () => {
  // 0.506391 * 1_000_000 is 506391.00000000006 in binary64.
  assert.equal(splitValue("utt_58"), 506_391);
  assert.equal(splitOf("utt_58", 0.506391), "train");
  assert.equal(splitOf("utt_58", 0.506392), "validation");
});

Deno.test("splitOf() never moves a key back to train when the ratio grows", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (key, first, second) => {
        const low = Math.min(first, second);
        const high = Math.max(first, second);
        assert.ok(
          splitOf(key, low) === "train" || splitOf(key, high) === "validation",
        );
      },
    ),
  );
});
