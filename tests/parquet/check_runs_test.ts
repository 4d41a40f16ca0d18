import assert from "node:assert/strict";
import { checkRuns } from "../../lib/parquet/check_runs.ts";

function check(bytes: readonly number[], width: number, count: number): void {
  const view = new DataView(new Uint8Array(bytes).buffer);
  checkRuns(view, { start: 0, end: view.byteLength, width, count });
}

Deno.test("checkRuns() takes repeated values, packed ones, and those that end behind the last", () => {
  check([20, 1], 1, 10);
  check([8, 1, 3, 0b10101010], 1, 12);
  check([5, 255, 255], 1, 10);
  check([], 1, 10);
});

Deno.test("checkRuns() throws for a run that is longer than the page has values", () => {
  assert.throws(() => check([0xff, 0xff, 0xff, 0xff, 0x0f], 0, 10), /longer than its page/);
  assert.throws(() => check([0xfe, 0xff, 0xff, 0xff, 0x07, 1], 1, 10), /longer than its page/);
  assert.throws(() => check([0xff, 0x01, 0], 1, 10), /longer than its page/);
});

Deno.test("checkRuns() throws for a run that is cut, and for numbers that are too wide", () => {
  assert.throws(() => check([0x80], 1, 10), RangeError);
  assert.throws(() => check([2, 0], 40, 1), /numbers of 40 bits/);
});
