import assert from "node:assert/strict";
import { convertingText, fetchingText } from "../../lib/terminal/converting_text.ts";

Deno.test("convertingText() tells what is done with a codec, and how far it is", () => {
  const codec = "org/name";
  const cases = [
    [{ step: "downloading", bytes: 0, total: null }, "Looking for org/name"],
    [
      { step: "downloading", bytes: 12e6, total: 79.6e6 },
      /^Downloading org\/name: 12 of 80 MB, 15/,
    ],
    [{ step: "downloading", bytes: 12e6, total: null }, "Downloading org/name: 12 MB"],
    [{ step: "writing", bytes: 5e6, total: 5e6 }, /^Converting org\/name: 5 of 5 MB, 100/],
  ] as const;
  for (const [progress, text] of cases) {
    const found = convertingText({ codec, ...progress });
    if (typeof text === "string") assert.equal(found, text);
    else assert.match(found, text);
  }
});

Deno.test("fetchingText() tells what is brought here, and lets no name move the cursor", () => {
  const name = "org/name/data/a.parquet";
  assert.equal(
    fetchingText({ step: "downloading", name, bytes: 12e6, total: 79.6e6 }),
    "Downloading org/name/data/a.parquet: 12 of 80 MB, 15 %",
  );
  assert.equal(
    fetchingText({ step: "unpacking", name: "\x1ba.tar.gz", bytes: 5e6, total: null }),
    "Unpacking \\x1ba.tar.gz: 5 MB",
  );
});
