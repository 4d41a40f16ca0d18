import assert from "node:assert/strict";
import * as fc from "../../lib/npm/fast_check.ts";
import { displayWidth, fold, printable, truncate } from "../../lib/terminal/width.ts";

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

Deno.test("fold() breaks lines at spaces alone, and loses no word", () => {
  assert.deepEqual(fold("  files  /a/b c d", 9, 2), ["  files", "  /a/b c", "  d"]);
  assert.deepEqual(fold("/a/path/longer/than/that is", 8), ["/a/path/longer/than/that", "is"]);
  assert.deepEqual(fold("  kept   as it is", Infinity), ["  kept   as it is"]);
  assert.deepEqual(fold("\x1b[31mred text\x1b[0m", 8), ["\x1b[31mred text\x1b[0m"]);
  assert.deepEqual(fold("", 8), [""]);
});

Deno.test("printable() lets no control character reach the terminal", () => {
  assert.equal(printable("a\x1b[31m\r\nb"), "a\\x1b[31m\\x0d\\x0ab");
});
