import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import { idsOf } from "../../lib/sources/folder_ids.ts";

Deno.test("idsOf() names a file by its stem, and two of one stem by their whole names", () => {
  assert.deepEqual(
    Object.fromEntries(idsOf(["a.wav", "a.flac", "b.c.wav", "d.WAV", "d.wav"])),
    {
      "a.wav": "a.wav",
      "a.flac": "a.flac",
      "b.c.wav": "b.c",
      "d.WAV": "d.WAV",
      "d.wav": "d.wav",
    },
  );
});

Deno.test("idsOf() gives way where a whole name equals another's stem", () => {
  assert.deepEqual(
    [...idsOf(["a.wav", "a.flac", "a.wav.mp3"]).values()],
    ["a.wav", "a.flac", "a.wav.mp3"],
  );
});

Deno.test("idsOf() gives unique ids that do not depend on the order", () => {
  const name = fc.array(fc.constantFrom("a", "wav", "mp3", "b"), {
    minLength: 1,
    maxLength: 4,
  }).map((parts) => parts.join("."));
  fc.assert(fc.property(fc.uniqueArray(name), (names) => {
    const ids = idsOf(names);
    assert.equal(new Set(ids.values()).size, names.length);
    const reversed = idsOf(names.toReversed());
    for (const each of names) assert.equal(reversed.get(each), ids.get(each));
  }));
});
