import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import { decodingUnit, fillUp, samplesOf } from "../../models/code_padding.ts";
import { type CodecSpec, validLength } from "../../models/codec.ts";

/** Three layers as SNAC's, of a codec whose shortest clip is three units long. */
const SPEC: CodecSpec = {
  ...{ id: "test", name: "test", sampleRate: 24_000, paddingUnit: 16, minimumSamples: 48 },
  ...{ hopLengths: [16, 8, 4], codebookSize: 100, context: null, licence: "MIT", notice: null },
};

const codesOf = (samples: number) =>
  SPEC.hopLengths.map((_, layer) =>
    Array.from({ length: validLength(SPEC, layer, samples) }, (_, i) => i + 1)
  );

Deno.test("samplesOf() finds a clip that codes of real audio stand for", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), (samples) => {
    const found = samplesOf(SPEC, codesOf(samples));
    assert.ok(found >= samples && found - samples < 16);
    assert.deepEqual(codesOf(found), codesOf(samples));
  }));
});

Deno.test("fillUp() repeats the last code of each layer up to whole units", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), (samples) => {
    const codes = codesOf(samples);
    const whole = fillUp(SPEC, codes, samplesOf(SPEC, codes));
    const total = Math.max(48, Math.ceil(samples / 16) * 16);
    whole.forEach((row, layer) => {
      assert.equal(row.length, total / (SPEC.hopLengths[layer] ?? 0));
      const real = codes[layer] ?? [];
      assert.deepEqual(row.slice(0, real.length), real);
      assert.ok(row.slice(real.length).every((code) => code === real.at(-1)));
    });
  }));
});

Deno.test("samplesOf() throws for layers that are no clip's", () => {
  const wrong: [number[][], RegExp][] = [
    [[[1]], /Cannot decode 1 layers of codes: 'test' has 3$/],
    [[[], [], []], /layers of 0, 0, 0 codes: no clip of 'test' has layers of such lengths$/],
    [[[1], [1, 2], [1, 2, 3, 4, 5]], /layers of 1, 2, 5 codes/],
    [[[1, 2], [1, 2], [1, 2, 3, 4]], /layers of 2, 2, 4 codes/],
  ];
  for (const [codes, message] of wrong) {
    assert.throws(() => samplesOf(SPEC, codes), { name: "RangeError", message });
  }
});

Deno.test("decodingUnit() is the longest hop of a codec that pads nothing", () => {
  assert.equal(decodingUnit(SPEC), 16);
  assert.equal(decodingUnit({ ...SPEC, paddingUnit: 1, minimumSamples: 1 }), 16);
});
