import assert from "node:assert/strict";
import * as fc from "../../lib/npm/fast_check.ts";
import { progressText, renderFrame } from "../../lib/terminal/frame.ts";
import { displayWidth } from "../../lib/terminal/width.ts";
import { progressOf, workerOf } from "./fixture.ts";

Deno.test("renderFrame() draws a line a worker and a total", async (t) => {
  await t.assertSnapshot(renderFrame(progressOf(), 140).join("\n"));
});

Deno.test("renderFrame() leaves the bar out on a narrow terminal", () => {
  const lines = renderFrame(progressOf(), 60);
  assert.match(lines.at(-1) ?? "", /^50 % {2}500 of 1,000 samples {2}ETA 3 min 20 s/);
});

Deno.test("renderFrame() is never wider than the terminal", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(40), (columns, count) => {
      const workers = Array.from({ length: count }, (_, i) => workerOf({ name: `cuda:${i}` }));
      for (const line of renderFrame(progressOf({ workers }), columns)) {
        assert.ok(displayWidth(line) <= columns);
      }
    }),
  );
});

Deno.test("renderFrame() sums up the workers that have no line", () => {
  const workers = Array.from({ length: 64 }, (_, i) => workerOf({ name: `cpu:${i}`, rate: 10 }));
  const lines = renderFrame(progressOf({ workers }), 120, 4);
  assert.equal(lines.length, 5);
  assert.equal(lines[3], "and 61 more workers: 610.0 audio s/s");
});

Deno.test("renderFrame() aligns figures of different length", () => {
  const workers = [workerOf({ samples: 1_234_567 }), workerOf({ name: "cpu:10", samples: 1 })];
  const [first = "", second = ""] = renderFrame(progressOf({ workers }), 140);
  assert.equal(first.indexOf("audio s/s"), second.indexOf("audio s/s"));
});

Deno.test("progressText() names the bottleneck", () => {
  const names = { network: "network", decode: "decoding", model: "model" } as const;
  for (const bottleneck of ["network", "decode", "model"] as const) {
    const text = progressText(progressOf({ bottleneck }));
    assert.ok(text.endsWith(`bottleneck: ${names[bottleneck]}`), text);
  }
});

Deno.test("progressText() has no ETA when all is done, and says when it knows none", () => {
  assert.doesNotMatch(progressText(progressOf({ done: 998 })), /ETA/);
  assert.match(progressText(progressOf({ etaSeconds: null })), /ETA unknown/);
});
