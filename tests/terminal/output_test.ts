import assert from "node:assert/strict";
import { systemOutput } from "../../lib/terminal/output.ts";

Deno.test("systemOutput() writes all of a text to a stream that takes little at a time", () => {
  let written = "";
  const output = systemOutput({
    isTerminal: () => false,
    writeSync(bytes) {
      written += new TextDecoder().decode(bytes.subarray(0, 3));
      return Math.min(3, bytes.length);
    },
  });
  output.write("one two three");
  assert.equal(written, "one two three");
});

Deno.test("systemOutput() is quiet when the reader of a pipe has left, and only then", () => {
  const failing = (error: Error) =>
    systemOutput({
      isTerminal: () => false,
      writeSync() {
        throw error;
      },
    });
  failing(new Deno.errors.BrokenPipe("gone")).write("x");
  assert.throws(() => failing(new Deno.errors.Interrupted("no")).write("x"));
});

Deno.test("systemOutput() takes a dumb terminal for a pipe, and heeds what colours are wanted", () => {
  const { TERM } = Deno.env.toObject();
  const stream = { isTerminal: () => true, writeSync: (bytes: Uint8Array) => bytes.length };
  try {
    Deno.env.set("TERM", "dumb");
    assert.equal(systemOutput(stream).isTerminal, false);
    Deno.env.set("TERM", "xterm");
    const output = systemOutput(stream);
    assert.equal(output.isTerminal, true);
    assert.equal(output.hasColour, !Deno.noColor);
  } finally {
    if (TERM === undefined) Deno.env.delete("TERM");
    else Deno.env.set("TERM", TERM);
  }
});
