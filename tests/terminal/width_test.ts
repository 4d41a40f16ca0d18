import assert from "node:assert/strict";
import * as fc from "../../lib/npm/fast_check.ts";
import { displayWidth, printable, truncate } from "../../lib/terminal/width.ts";

Deno.test("displayWidth() counts wide letters twice and combined ones once", () => {
  assert.equal(displayWidth("abc"), 3);
  assert.equal(displayWidth("語"), 2);
  assert.equal(displayWidth("👩‍👩‍👧"), 2);
  assert.equal(displayWidth("e\u0301"), 1);
});

Deno.test("truncate() never exceeds the columns, and leaves what fits alone", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.nat(30), (text, columns) => {
      const cut = truncate(text, columns);
      assert.ok(displayWidth(cut) <= columns);
      if (displayWidth(text) <= columns) assert.equal(cut, text);
    }),
  );
});

Deno.test("printable() lets no control character reach the terminal", () => {
  assert.equal(printable("a\x1b[31m\r\nb"), "a\\x1b[31m\\x0d\\x0ab");
});
