import assert from "node:assert/strict";
import {
  formatAudio,
  formatBytes,
  formatCount,
  formatDuration,
  formatHours,
  formatNumberOf,
  formatPercent,
  formatRate,
} from "../../lib/terminal/format.ts";

Deno.test("formatCount() groups thousands", () => {
  assert.deepEqual([0, 999, 1000, 12_345_678].map(formatCount), [
    "0",
    "999",
    "1,000",
    "12,345,678",
  ]);
});

Deno.test("formatNumberOf() knows one from many", () => {
  assert.equal(formatNumberOf(1, "sample"), "1 sample");
  assert.equal(formatNumberOf(10_000, "sample"), "10,000 samples");
});

Deno.test("formatAudio() changes its unit without a jump in digits", () => {
  assert.deepEqual([9.44, 59.96, 3596, 3597, 3_599_999, 1e9].map(formatAudio), [
    "9.4 s",
    "1.0 min",
    "59.9 min",
    "1.0 h",
    "1,000 h",
    "277,778 h",
  ]);
});

Deno.test("formatHours() keeps a short run from being nothing", () => {
  assert.deepEqual([36, 3600, 4e9].map(formatHours), ["0.010", "1.0", "1,111,111"]);
});

Deno.test("formatDuration() names two units at most", () => {
  assert.deepEqual([-1, 8, 200, 7500, 300_000].map(formatDuration), [
    "0 s",
    "8 s",
    "3 min 20 s",
    "2 h 05 min",
    "3 d 11 h",
  ]);
});

Deno.test("formatBytes() and formatRate() drop the fraction of large figures only", () => {
  assert.deepEqual([0, 999, 999_960, 4.5e9].map(formatBytes), [
    "0 B",
    "999 B",
    "1.0 MB",
    "4.5 GB",
  ]);
  assert.deepEqual([0, 87.34, 12_345].map(formatRate), ["0.0", "87.3", "12,345"]);
});

Deno.test("formatPercent() says 100 % only when nothing is left", () => {
  assert.equal(formatPercent(9_999_999, 10_000_000), "99 %");
  assert.equal(formatPercent(10, 10), "100 %");
  assert.equal(formatPercent(0, 0), "100 %");
});
