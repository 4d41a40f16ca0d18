import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import { planPieces } from "../../models/pieces.ts";

const situations = fc.record({
  samples: fc.integer({ min: 1, max: 5000 }),
  unit: fc.constantFrom(1, 7, 320),
  contextUnits: fc.nat({ max: 6 }),
  length: fc.integer({ min: 1, max: 3000 }),
});

Deno.test("pieces tile a clip, each with its context or the clip's edge", () => {
  fc.assert(fc.property(situations, ({ samples, unit, contextUnits, length }) => {
    const context = contextUnits * unit;
    const pieces = planPieces({ samples, unit, context, length });
    let end = 0;
    for (const { from, to, keepFrom, keepTo } of pieces) {
      assert.equal(keepFrom, end);
      assert.ok(keepTo > keepFrom);
      assert.ok(from === 0 || (keepFrom - from >= context && from % unit === 0));
      assert.ok(to === samples || (to - keepTo >= context && to % unit === 0));
      end = keepTo;
    }
    assert.equal(end, samples);
  }));
});

Deno.test("a clip that fits is one piece", () => {
  assert.deepEqual(planPieces({ samples: 999, unit: 10, context: 50, length: 1000 }), [
    { from: 0, to: 999, keepFrom: 0, keepTo: 999 },
  ]);
});
