import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import type { CodecSpec, Codes } from "../../models/codec.ts";
import { joinWindows, planWindows, windowLength } from "../../models/windows.ts";

const SPEC: CodecSpec = {
  id: "test",
  name: "test",
  sampleRate: 16_000,
  paddingUnit: 320,
  minimumSamples: 320,
  hopLengths: [320, 320],
  codebookSize: 8,
  context: 640,
  licence: "none",
  notice: null,
};

/** A codec with hops as those of SNAC, a clip and a window, all in whole units. */
const situations = fc.record({
  unit: fc.constantFrom(4, 320, 2048),
  contextUnits: fc.nat({ max: 5 }),
  clipUnits: fc.integer({ min: 1, max: 200 }),
  keptUnits: fc.integer({ min: 1, max: 40 }),
}).map(({ unit, contextUnits, clipUnits, keptUnits }) => ({
  spec: {
    ...SPEC,
    paddingUnit: unit,
    minimumSamples: unit,
    hopLengths: [unit, unit / 2, unit / 4],
    context: contextUnits * unit,
  },
  clip: clipUnits * unit,
  window: (2 * contextUnits + keptUnits) * unit,
}));

Deno.test("planWindows() keeps every sample of the clip exactly once, in order", () => {
  fc.assert(fc.property(situations, ({ spec, clip, window }) => {
    const windows = planWindows(spec, clip, window);
    let next = 0;
    for (const { keepFrom, keepTo } of windows) {
      assert.equal(keepFrom, next);
      assert.ok(keepTo > keepFrom);
      next = keepTo;
    }
    assert.equal(next, clip);
  }));
});

Deno.test("planWindows() keeps only what sees its context on both sides, clip edges excepted", () => {
  fc.assert(fc.property(situations, ({ spec, clip, window }) => {
    for (const { start, length, keepFrom, keepTo } of planWindows(spec, clip, window)) {
      assert.ok(start >= 0 && start + length <= clip);
      assert.ok(start === 0 ? keepFrom === 0 : keepFrom - start >= spec.context);
      assert.ok(start + length === clip || start + length - keepTo >= spec.context);
    }
  }));
});

Deno.test("planWindows() gives windows of one length that start on whole padding units", () => {
  fc.assert(fc.property(situations, ({ spec, clip, window }) => {
    const windows = planWindows(spec, clip, window);
    for (const { start, length, keepFrom } of windows) {
      assert.equal(length, Math.min(clip, window));
      assert.equal(start % spec.paddingUnit, 0);
      assert.equal(keepFrom % spec.paddingUnit, 0);
    }
    const last = windows.at(-1);
    assert.equal((last?.start ?? 0) + (last?.length ?? 0), clip);
  }));
});

Deno.test("planWindows() cuts no more windows than the clip needs", () => {
  fc.assert(fc.property(situations, ({ spec, clip, window }) => {
    const { length } = planWindows(spec, clip, window);
    const step = window - 2 * spec.context;
    assert.equal(length, clip <= window ? 1 : 1 + Math.ceil((clip - window) / step));
  }));
});

Deno.test("joinWindows() gives the codes of the whole clip where codes depend on their context", () => {
  fc.assert(fc.property(situations, ({ spec, clip, window }) => {
    const windows = planWindows(spec, clip, window);
    const codes = windows.map(({ start, length }) => codesOf(spec, clip, start, length));
    assert.deepEqual(joinWindows(spec, windows, codes), codesOf(spec, clip, 0, clip));
  }));
});

/**
 * Codes that name their frame where they see the whole context (or the clip's edge), and -1 where
 * they see the edge of a window.
 */
function codesOf(spec: CodecSpec, clip: number, start: number, length: number): Codes {
  const context = spec.context ?? 0;
  const end = start + length;
  return spec.hopLengths.map((hop) =>
    Array.from({ length: length / hop }, (_, frame) => {
      const from = start + frame * hop;
      const seen = (start === 0 || from - start >= context) &&
        (end === clip || end - (from + hop) >= context);
      return seen ? from / hop : -1;
    })
  );
}

Deno.test("planWindows() leaves a clip whole where the receptive field has no end", () => {
  const whole = [{ start: 0, length: 64_000, keepFrom: 0, keepTo: 64_000 }];
  assert.deepEqual(planWindows({ ...SPEC, context: null }, 64_000, 3200), whole);
  assert.deepEqual(planWindows(SPEC, 64_000, null), whole);
});

Deno.test("planWindows() throws for lengths that are no whole units or leave nothing to keep", () => {
  for (
    const [clip, window, message] of [
      [321, 3200, /a clip of 321 samples is no positive multiple .* 320$/],
      [0, 3200, /a clip of 0 samples/],
      [64_000, 3201, /a window of 3201 samples/],
      [64_000, 1280, /windows of 1280 samples: 'test' needs 640 samples of context on each side$/],
    ] as const
  ) assert.throws(() => planWindows(SPEC, clip, window), { name: "RangeError", message });
});

Deno.test("joinWindows() throws for codes of another clip", () => {
  const windows = planWindows(SPEC, 6400, 3200);
  const codes = windows.map(() => [new Array<number>(10).fill(0), new Array<number>(9).fill(0)]);
  assert.throws(() => joinWindows(SPEC, windows, codes), {
    message: "Cannot join window 0: layer 1 has 9 codes where 10 were due",
  });
  assert.throws(() => joinWindows(SPEC, windows, []), /codes of 0 were given$/);
});

Deno.test("joinWindows() takes a whole clip that was not padded, whose last frame is cut", () => {
  const spec = { ...SPEC, paddingUnit: 1, minimumSamples: 1, context: null };
  const windows = planWindows(spec, 700, null);
  assert.deepEqual(joinWindows(spec, windows, [[[1, 2, 3], [4, 5, 6]]]), [[1, 2, 3], [4, 5, 6]]);
  assert.throws(
    () => joinWindows(spec, windows, [[[1, 2], [4, 5]]]),
    /layer 0 has 2 codes where 3 were due$/,
  );
});

Deno.test("windowLength() rounds up to whole units and leaves room for the context", () => {
  assert.equal(windowLength(SPEC, 5 * SPEC.sampleRate), 80_000);
  assert.equal(windowLength(SPEC, 5.001 * SPEC.sampleRate), 80_320);
  assert.equal(windowLength(SPEC, 0.01 * SPEC.sampleRate), 2 * 640 + 320);
  assert.equal(windowLength({ ...SPEC, minimumSamples: 3200 }, 320), 3200);
  assert.equal(windowLength({ ...SPEC, context: null }, 5 * SPEC.sampleRate), null);
});
