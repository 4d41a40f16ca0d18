import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "../../lib/npm/fast_check.ts";
import { compareCodePoints } from "../../lib/sources/order.ts";

Deno.test("compareCodePoints() orders as the UTF-8 bytes do", () => {
  const text = fc.string({ unit: "binary", maxLength: 5 });
  fc.assert(fc.property(text, text, (left, right) => {
    assert.equal(
      Math.sign(compareCodePoints(left, right)),
      Buffer.compare(Buffer.from(left), Buffer.from(right)),
    );
  }));
});

Deno.test("compareCodePoints() puts U+FFFD before an emoji", () => {
  assert.ok(compareCodePoints("\ufffd", "😀") < 0);
  assert.ok("\ufffd" > "😀");
});
