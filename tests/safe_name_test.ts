import assert from "node:assert/strict";
import { basename, join } from "node:path";
import fc from "../lib/npm/fast_check.ts";
import { FileNames, slugOf } from "../lib/safe_name.ts";

const nasty = fc.oneof(
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.string({
    unit: fc.constantFrom("a", "A", ".", "/", "\\", "-", "ß", "é", "e\u0301"),
    maxLength: 6,
  }),
  fc.constantFrom(
    "",
    ".",
    "..",
    "../../x",
    "CON",
    "con",
    "com1.txt",
    "nul.",
    "a.",
    "a ",
    "-rf",
    "😀",
  ),
  fc.string({ maxLength: 3 }).map((end) => "x".repeat(300) + end),
);

Deno.test("FileNames keeps ids that can be file names", () => {
  const names = new FileNames(".wav");
  for (const id of ["LJ001-0001", "utt_12", "1272.128104", "語り_3", "12"]) {
    assert.equal(names.of(id), `${id}.wav`);
  }
});

Deno.test("FileNames keeps ids that differ by case apart, whichever comes first", () => {
  const names = new FileNames(".wav");
  assert.equal(names.of("utt"), "utt.wav");
  assert.match(names.of("UTT"), /^UTT-[0-9a-f]{12}\.wav$/);
  assert.equal(names.of("utt"), "utt.wav");
});

Deno.test("FileNames makes readable names of ids that cannot be file names", () => {
  const names = new FileNames(".wav");
  assert.match(names.of("../../x"), /^___.._x-[0-9a-f]{12}\.wav$/);
  assert.match(names.of("CON"), /^_CON-[0-9a-f]{12}\.wav$/);
  assert.match(names.of("a b/c?.flac"), /^a_b_c_\.flac-[0-9a-f]{12}\.wav$/);
  assert.match(names.of("x".repeat(300)), /^x{120}-[0-9a-f]{12}\.wav$/);
});

Deno.test("FileNames leaves no dot in names that must have none, and keeps such ids apart", () => {
  const names = new FileNames("", { dots: false });
  assert.equal(names.of("a_b"), "a_b");
  assert.match(names.of("a.b"), /^a_b-[0-9a-f]{12}$/);
  assert.match(names.of("utt.1.flac"), /^utt_1_flac-[0-9a-f]{12}$/);
});

Deno.test("FileNames gives no two ids one name, and none that leaves the folder", () => {
  fc.assert(fc.property(fc.uniqueArray(nasty, { minLength: 1, maxLength: 30 }), (ids) => {
    const names = new FileNames(".wav");
    const made = ids.map((id) => names.of(id));
    const seen = new Set(made.map((name) => name.normalize("NFKC").toLowerCase()));
    assert.equal(seen.size, ids.length);
    made.forEach((name, i) => {
      assert.equal(names.of(ids[i] ?? ""), name);
      assert.equal(basename(join("/out", name)), name);
      assert.doesNotMatch(name, /[/\\:*?"<>|\p{Cc}]|^[.-]/u);
      assert.doesNotMatch(name, /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
      assert.ok(new TextEncoder().encode(name).length <= 200);
    });
  }));
});

Deno.test("FileNames gives the names that were adopted to their owners alone", () => {
  const names = new FileNames(".wav");
  names.adopt("a.wav", "A");
  assert.equal(names.of("A"), "a.wav");
  assert.match(names.of("a"), /^a-[0-9a-f]{12}\.wav$/);
});

Deno.test("slugOf() is the id only where that is safe", () => {
  fc.assert(fc.property(nasty, (id) => {
    const slug = slugOf(id);
    assert.match(slug, /^[^/\\\p{Cc}.-][^/\\\p{Cc}]*$/u);
    assert.equal(slugOf(slug).length > 0, true);
  }));
});
