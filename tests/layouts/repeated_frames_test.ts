import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import { makeLayout } from "../../lib/layouts/registry.ts";
import { NANO, SNAC } from "./codecs.ts";

Deno.test("'orpheus' drops each frame whose first code is that of the frame before", () => {
  const layout = makeLayout("orpheus", SNAC, { removeRepeatedFrames: true });
  assert.equal(layout.isLossless, false);
  const frames = (firsts: number[]) => [
    firsts,
    firsts.flatMap((_, i) => [10 * i, 10 * i + 1]),
    firsts.flatMap((_, i) => [100 * i, 100 * i + 1, 100 * i + 2, 100 * i + 3]),
  ];
  const kept = layout.restore(layout.arrange(frames([7, 7, 7, 8, 7, 7, 9])));
  // Frames 1, 4, 5 and 7 stay, whatever the other six codes of the rest are.
  assert.deepEqual(kept[0], [7, 8, 7, 9]);
  assert.deepEqual(kept[1], [0, 1, 30, 31, 40, 41, 60, 61]);
  assert.deepEqual(kept[2]?.filter((_, i) => i % 4 === 0), [0, 300, 400, 600]);
});

Deno.test("'kani' drops a frame only if all four codes are those of the frame before", () => {
  const layout = makeLayout("kani", NANO, { removeRepeatedFrames: true });
  const codes = [[1, 1, 1, 1, 2], [2, 2, 2, 2, 2], [3, 3, 3, 3, 3], [4, 4, 5, 4, 4]];
  assert.deepEqual(layout.restore(layout.arrange(codes)), [
    ...[[1, 1, 1, 2], [2, 2, 2, 2], [3, 3, 3, 3], [4, 5, 4, 4]],
  ]);
});

Deno.test("frames that were removed once are not removed again, and what is kept is in order", () => {
  const firsts = fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 20 });
  const layout = makeLayout("kani", NANO, { removeRepeatedFrames: true });
  fc.assert(fc.property(firsts, (layer) => {
    const kept = layout.restore(layout.arrange([layer, layer, layer, layer]));
    const expected = layer.filter((code, i) => i === 0 || code !== layer[i - 1]);
    assert.deepEqual(kept, [expected, expected, expected, expected]);
    assert.deepEqual(layout.restore(layout.arrange(kept)), kept);
  }));
});

Deno.test("restore() refuses repeated frames where they were removed", () => {
  const all = makeLayout("orpheus", SNAC).arrange([[1, 1], [2, 3, 4, 5], [6, 7, 8, 9, 1, 2, 3, 4]]);
  assert.throws(
    () => makeLayout("orpheus", SNAC, { removeRepeatedFrames: true }).restore(all),
    /^RangeError: Cannot read the tokens as 'orpheus': frame 2 repeats frame 1, and repeated frames were removed$/,
  );
});
