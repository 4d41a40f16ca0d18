import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import { listMembers, type TarItem } from "../../lib/tar/members.ts";
import { FileWindow, type TarBytes } from "../../lib/tar/window.ts";
import {
  END,
  headerOf,
  joined,
  paxRecord,
  special,
  tarOf,
  writeMember,
  type WrittenMember,
} from "./write_tar.ts";

const FOLDER = new URL("../fixtures/tars/", import.meta.url).pathname;
const encoder = new TextEncoder();

function inMemory(bytes: Uint8Array): TarBytes {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

function itemsIn(bytes: Uint8Array): TarItem[] {
  return [...listMembers(inMemory(bytes))];
}

/** Files by name, and damages. */
function summaryOf(items: readonly TarItem[]): string[] {
  return items.map((item) =>
    item.kind === "member" ? item.member.name : `${item.byte}: ${item.detail}`
  );
}

/** What the members of a tar contain, read where they are said to lie. */
function contentsOf(bytes: Uint8Array): [string, Uint8Array][] {
  return itemsIn(bytes).map((item) => {
    assert.ok(item.kind === "member", JSON.stringify(item));
    const { name, offset, size } = item.member;
    return [name, bytes.slice(offset, offset + size)];
  });
}

const EXPECTED: Record<string, unknown[]> = JSON.parse(
  Deno.readTextFileSync(`${FOLDER}members.json`),
);

for (const [name, expected] of Object.entries(EXPECTED)) {
  Deno.test(`listMembers() finds the files of ${name} where Python finds them`, () => {
    using file = new FileWindow(FOLDER + name);
    const files = [...listMembers(file)].flatMap((item) => {
      assert.equal(item.kind, "member");
      if (item.kind !== "member" || item.member.kind !== "file") return [];
      const { name, offset, size } = item.member;
      return [{ name, offset, size }];
    });
    assert.deepEqual(files, expected);
  });
}

Deno.test("listMembers() tells links and sparse files from others", () => {
  const kinds = (name: string) => {
    using file = new FileWindow(FOLDER + name);
    return [...listMembers(file)].flatMap((item) =>
      item.kind === "member" && item.member.kind !== "file"
        ? [`${item.member.kind} ${item.member.name}`]
        : []
    );
  };
  assert.deepEqual(kinds("gnu.tar"), ["other folder/", "link hard.flac", "link soft.flac"]);
  assert.deepEqual(kinds("gnu_sparse.tar"), ["sparse holes.wav"]);
  assert.deepEqual(kinds("pax_sparse.tar"), ["sparse holes.wav"]);
});

const member: fc.Arbitrary<WrittenMember> = fc.record({
  name: fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 })
    .filter((name) => !/[/\0]/.test(name) && encoder.encode(name).length <= 100),
  content: fc.uint8Array({ maxLength: 2000 }),
  format: fc.constantFrom("ustar", "pax", "gnu", "binary size"),
});

Deno.test("listMembers() finds each content at its offset, whatever names and sizes are", () => {
  fc.assert(fc.property(fc.array(member, { maxLength: 8 }), (members) => {
    assert.deepEqual(
      contentsOf(tarOf(members)),
      members.map(({ name, content }) => [name, content]),
    );
  }));
});

Deno.test("listMembers() finds all members before a cut, and says where it is", () => {
  const members = [
    { name: "a.flac", content: "x".repeat(700) },
    { name: "b.flac", content: "y".repeat(100), format: "pax" as const },
    { name: "c.flac", content: "" },
  ];
  const tar = tarOf(members);
  const ends = [512 + 700, 3072 + 100, 4096];
  for (let length = 1; length < tar.length - 512; length++) {
    const items = itemsIn(tar.slice(0, length));
    const whole = ends.filter((end) => length >= end).length;
    assert.deepEqual(
      summaryOf(items.slice(0, -1)),
      members.slice(0, whole).map(({ name }) => name),
      `${length} bytes`,
    );
    const last = items.at(-1);
    assert.ok(last?.kind === "damage" && last.detail.includes("cut"), `${length} bytes`);
  }
  assert.deepEqual(summaryOf(itemsIn(tar.slice(0, 900))), [
    "0: the tar is cut: it ends at byte 900, within 'a.flac'",
  ]);
  assert.deepEqual(summaryOf(itemsIn(tar.slice(0, 1536))), [
    "a.flac",
    "1536: the tar has no end mark: it may be cut",
  ]);
  assert.deepEqual(summaryOf(itemsIn(tar.slice(0, tar.length - 512))), [
    "a.flac",
    "b.flac",
    "c.flac",
  ]);
});

Deno.test("listMembers() goes on behind a damaged header", () => {
  const names = ["a", "b", "c"];
  const tar = tarOf(names.map((name) => ({ name, content: "x".repeat(600) })));
  tar[1536 + 5] = 1;
  assert.deepEqual(summaryOf(itemsIn(tar)), [
    "a",
    "1536: a header of its tar archive is damaged: bytes 1536 to 3071 cannot be read",
    "c",
  ]);
  tar.fill(7, 1536, 4000);
  assert.deepEqual(summaryOf(itemsIn(tar)), [
    "a",
    `1536: a header of its tar archive is damaged: bytes 1536 to ${tar.length - 1} cannot be read`,
  ]);
});

Deno.test("listMembers() reads archives that were joined", () => {
  const two = joined([tarOf([{ name: "a", content: "1" }]), tarOf([{ name: "b" }])]);
  assert.deepEqual(summaryOf(itemsIn(two)), ["a", "b"]);
});

Deno.test("listMembers() finds nothing in an empty archive, and a damage in what is none", () => {
  assert.deepEqual(itemsIn(END), []);
  assert.deepEqual(summaryOf(itemsIn(encoder.encode("<html>"))), [
    "0: the tar is cut: it ends at byte 6, within a header",
  ]);
});

Deno.test("listMembers() leaves out broken extensions, and no member that is good", () => {
  const bad = [
    special("x", encoder.encode("30 path=too short\n")),
    special("x", encoder.encode("path=without a length\n")),
    special("x", encoder.encode(paxRecord("size", "-1"))),
    headerOf({ name: "too long", size: 2 ** 21, type: "L" }),
  ];
  for (const extension of bad) {
    const tar = joined([
      writeMember({ name: "a" }),
      extension,
      writeMember({ name: "b" }),
      END,
    ]);
    const summary = summaryOf(itemsIn(tar));
    assert.equal(summary.length, 3, summary.join("\n"));
    assert.match(summary[1] ?? "", /^512: .* cannot be read$/);
    assert.equal(summary[2], "b");
  }
});

Deno.test("listMembers() reads sizes past 8 GiB without reading what is there", () => {
  const size = 9 * 2 ** 30;
  const file: TarBytes = {
    size: 512 + size + 1024,
    read(offset, length) {
      assert.ok(length <= 512 * 128);
      return offset === 0
        ? headerOf({ name: "a.wav", size, type: "0", hasBinarySize: true })
        : new Uint8Array(Math.min(length, file.size - offset));
    },
  };
  assert.deepEqual([...listMembers(file)], [
    { kind: "member", member: { name: "a.wav", kind: "file", offset: 512, size } },
  ]);
});

Deno.test("listMembers() takes a name in a pax header as it is, line ends and all", () => {
  const records = paxRecord("comment", "a=b\n5 x=1") + paxRecord("path", "two\nlines = 世界");
  const tar = joined([
    special("g", encoder.encode(paxRecord("path", "all"))),
    special("x", encoder.encode(records)),
    writeMember({ name: "short", content: "c" }),
    writeMember({ name: "next" }),
    END,
  ]);
  assert.deepEqual(summaryOf(itemsIn(tar)), ["two\nlines = 世界", "next"]);
});

Deno.test("FileWindow reads the same whatever was read before", () => {
  const path = Deno.makeTempFileSync();
  try {
    const bytes = crypto.getRandomValues(new Uint8Array(40_000));
    Deno.writeFileSync(path, bytes);
    using file = new FileWindow(path);
    const range = fc.tuple(fc.nat(45_000), fc.nat(20_000));
    fc.assert(fc.property(fc.array(range, { minLength: 1, maxLength: 5 }), (ranges) => {
      for (const [offset, length] of ranges) {
        assert.deepEqual(
          file.read(offset, length).slice(),
          bytes.slice(offset, offset + length),
        );
      }
    }));
  } finally {
    Deno.removeSync(path);
  }
});
