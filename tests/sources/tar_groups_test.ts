import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import { groupMembers, keyOf } from "../../lib/sources/tar_groups.ts";
import type { TarItem } from "../../lib/tar/members.ts";

function member(name: string): TarItem {
  return { kind: "member", member: { name, kind: "file", offset: 0, size: 0 } };
}

function damage(name: string | null, isEnd: boolean): TarItem {
  return { kind: "damage", byte: 7, name, detail: "bad", isEnd };
}

/** Keys with their extensions, and damages. */
function grouped(items: readonly TarItem[]): string[] {
  return [...groupMembers(items)].map((group) =>
    group.kind === "group"
      ? `${group.key}: ${group.members.map(({ extension }) => extension).join(" ")}`
      : `bad ${group.key}`
  );
}

Deno.test("keyOf() splits at the first dot of the file name", () => {
  const split = (name: string) => Object.values(keyOf(name) ?? {}).join("|");
  assert.deepEqual(
    ["a.flac", "./x.y/a.b.FLAC", "x.y/a", "x/.hidden", "a.", "LICENSE", "a/世界.wav"].map(split),
    ["a|flac", "x.y/a|b.flac", "", "", "a|", "", "a/世界|wav"],
  );
});

Deno.test("groupMembers() puts members together that follow one another and have one key", () => {
  const names = ["a.flac", "a.txt", "LICENSE", "b.txt", "b.flac", "a.json"];
  assert.deepEqual(grouped(names.map(member)), ["a: flac txt", "b: txt flac", "a: json"]);
});

Deno.test("groupMembers() gives the members that it was given, in order, whatever they are", () => {
  const name = fc.tuple(fc.constantFrom("a", "b", "x/a"), fc.constantFrom("wav", "txt", "a.json"));
  fc.assert(fc.property(fc.array(name), (names) => {
    const groups = [...groupMembers(names.map((parts) => member(parts.join("."))))];
    const flat = groups.flatMap((group) =>
      group.kind === "group" ? group.members.map((one) => [group.key, one.extension]) : []
    );
    assert.deepEqual(flat, names);
    groups.slice(1).forEach((group, index) => assert.notEqual(group.key, groups[index]?.key));
  }));
});

Deno.test("groupMembers() goes on with a sample that damage lies within", () => {
  assert.deepEqual(
    grouped([member("a.flac"), damage(null, false), member("a.txt"), member("b.flac")]),
    ["bad null", "a: flac txt", "b: flac"],
  );
});

Deno.test("groupMembers() tells a sample whose last member is cut as damage alone", () => {
  assert.deepEqual(grouped([member("a.flac"), damage("a.txt", true)]), ["bad a"]);
  assert.deepEqual(grouped([member("a.flac"), damage("b.flac", true)]), ["a: flac", "bad b"]);
  assert.deepEqual(grouped([member("a.flac"), damage(null, true)]), ["a: flac", "bad null"]);
});
