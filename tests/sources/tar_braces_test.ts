import assert from "node:assert/strict";
import { UsageError } from "../../lib/errors.ts";
import fc from "../../lib/npm/fast_check.ts";
import { expandBraces } from "../../lib/sources/tar_braces.ts";

const CASES: readonly (readonly [string, readonly string[]])[] = [
  ["a.tar", ["a.tar"]],
  ["s-{000..002}.tar", ["s-000.tar", "s-001.tar", "s-002.tar"]],
  ["s-{9..11}", ["s-9", "s-10", "s-11"]],
  ["s-{09..11}", ["s-09", "s-10", "s-11"]],
  ["s-{2..0}", ["s-2", "s-1", "s-0"]],
  ["s-{0..6..3}", ["s-0", "s-3", "s-6"]],
  ["{-1..1}", ["-1", "0", "1"]],
  ["{a..c}", ["a", "b", "c"]],
  ["{a,b}/{0..1}.tar", ["a/0.tar", "a/1.tar", "b/0.tar", "b/1.tar"]],
  ["{x,{a,b}-{1..2}}", ["x", "a-1", "a-2", "b-1", "b-2"]],
  ["{,new-}a", ["a", "new-a"]],
  ["{a}{}", ["{a}{}"]],
  ["{a,b", ["{a,b"]],
  ["{{0..1}}", ["{0}", "{1}"]],
];

for (const [path, expected] of CASES) {
  Deno.test(`expandBraces() expands '${path}' as a shell does`, () => {
    assert.deepEqual(expandBraces(path), expected);
  });
}

Deno.test("expandBraces() gives as many paths as a range has numbers, all of one width", () => {
  fc.assert(fc.property(fc.nat(9999), fc.nat(300), (first, more) => {
    const pad = (value: number) => String(value).padStart(6, "0");
    const paths = expandBraces(`x{${pad(first)}..${pad(first + more)}}`);
    assert.equal(paths.length, more + 1);
    assert.equal(paths[0], `x${pad(first)}`);
    assert.equal(paths.at(-1), `x${pad(first + more)}`);
  }));
});

Deno.test("expandBraces() throws for more tars than fit", () => {
  for (const path of ["{0..99999999999}", "{0..9999}{0..9999}", "{{0..999999},a}"]) {
    assert.throws(() => expandBraces(path), UsageError, path);
  }
});
