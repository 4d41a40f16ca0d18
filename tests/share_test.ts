import assert from "node:assert/strict";
import { UsageError } from "../lib/errors.ts";
import fc from "../lib/npm/fast_check.ts";
import { inShare, parseShare } from "../lib/share.ts";

Deno.test("parseShare() reads percentages and fractions", () => {
  const shares = ["5%", "0.05", " 100 % ", "1", "2.5%", ".5"].map((text) => parseShare(text, "-s"));
  assert.deepEqual(shares, [0.05, 0.05, 1, 1, 0.025, 0.5]);
});

Deno.test("parseShare() refuses what is no share", () => {
  for (
    const text of ["", "0", "0%", "101%", "5", "-1%", "five", "5%%", "1e-2", "NaN", "Infinity"]
  ) {
    assert.throws(() => parseShare(text, "--subset"), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /^Cannot use --subset '.*': it is no share: write '5%'/);
      return true;
    });
  }
});

Deno.test("inShare() chooses about the share, and the same of a smaller one", () => {
  const names = Array.from({ length: 4000 }, (_, i) => `utt_${i}`);
  const chosen = names.filter((name) => inShare(name, 0.05));
  assert.ok(chosen.length > 150 && chosen.length < 250, String(chosen.length));
  fc.assert(fc.property(fc.string(), fc.double({ min: 0, max: 1, noNaN: true }), (name, share) => {
    assert.ok(inShare(name, 1));
    assert.ok(!inShare(name, share) || inShare(name, (1 + share) / 2));
  }));
});
