import assert from "node:assert/strict";
import { tar } from "../../lib/shards/tar.ts";
import { TAR_END, tarMember } from "../../lib/shards/tar_member.ts";
import { listMembers } from "../../lib/tar/members.ts";
import { FileWindow } from "../../lib/tar/window.ts";
import { sealTable, shardPath, SMALL } from "../support/shards.ts";
import { temporaryDirectory } from "../support/temporary_directory.ts";

const format = tar();

/** The members of a tar as our reader of tars, which knows nothing of shards, finds them. */
function members(path: string): string[] {
  using archive = new FileWindow(path);
  return [...listMembers(archive)].map((item) =>
    item.kind === "member" ? `${item.member.name} ${item.member.size}` : item.detail
  );
}

Deno.test("tar() writes the files of a sample next to each other, with keys without dots", async () => {
  using directory = temporaryDirectory();
  await sealTable(SMALL, { format, directory: directory.path });
  const long = `${"c".repeat(120)}-d334dce37731`;
  assert.deepEqual(members(shardPath(directory.path, format)), [
    ...["a_ü_1-4d06a3ffb360.json 118", "a_ü_1-4d06a3ffb360.coarse.npy 134"],
    ...["a_ü_1-4d06a3ffb360.fine.npy 132", "b.json 78", "b.coarse.npy 128", "b.fine.npy 128"],
    ...[`${long}.json 280`, `${long}.coarse.npy 130`, `${long}.fine.npy 136`],
  ]);
});

Deno.test("tar() keeps ids apart that differ by case, a dot or a slash alone", async () => {
  using directory = temporaryDirectory();
  const rows = ["a.b", "a_b", "A_B", "a/b", "..", "."].map((id) => ({ id }));
  const columns = [{ name: "id", type: "string" }] as const;
  await sealTable({ columns, rows }, { format, directory: directory.path });
  const names = members(shardPath(directory.path, format));
  assert.equal(new Set(names).size, rows.length);
  for (const name of names) assert.match(name, /^[A-Za-z_][A-Za-z0-9_-]*\.json \d+$/);
});

Deno.test("tarMember() writes ustar without times and owners, with the sum of its bytes", () => {
  const [header = new Uint8Array(), content, padding] = tarMember("a.json", new Uint8Array(700));
  const text = (start: number, end: number) =>
    new TextDecoder().decode(header.subarray(start, end)).replace(/\0+$/, "");
  assert.equal(header.length, 512);
  assert.deepEqual([text(0, 100), text(257, 265), text(156, 157)], ["a.json", "ustar\x0000", "0"]);
  assert.deepEqual([text(100, 108), text(108, 116), text(116, 124)], [
    ...["0000644", "0000000", "0000000"],
  ]);
  assert.deepEqual([text(124, 136), text(136, 148)], ["00000001274", "00000000000"]);
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  assert.equal(text(148, 154), sum.toString(8).padStart(6, "0"));
  assert.deepEqual([content?.length, padding?.length], [700, 324]);
});

Deno.test("tarMember() puts names that no header holds into pax records, which count themselves", async () => {
  using directory = temporaryDirectory();
  // The record of the name grows by a digit around these lengths.
  const lengths = [1, 99, 100, 101, 979, 980, 981, 982, 983, 984, 985, 986, 987, 988, 989, 990];
  const names = [...lengths.map((length) => "x".repeat(length)), "ü", "ü".repeat(60), "\x7f"];
  const path = `${directory.path}/a.tar`;
  const pieces = names.flatMap((name) => tarMember(name, new Uint8Array(3)));
  const blob = new Blob([...pieces, TAR_END].map((piece) => new Uint8Array(piece)));
  Deno.writeFileSync(path, await blob.bytes());
  assert.deepEqual(members(path), names.map((name) => `${name} 3`));
});

Deno.test("reading a tar refuses what does not belong, names it and counts the rows before", async () => {
  using directory = temporaryDirectory();
  await sealTable(SMALL, { format, directory: directory.path });
  const path = shardPath(directory.path, format);
  const whole = String.fromCharCode(...Deno.readFileSync(path));
  const failing = async (find: string, replace: string, expected: RegExp) => {
    const changed = whole.replace(find, replace);
    assert.notEqual(changed, whole);
    Deno.writeFileSync(path, Uint8Array.from(changed, (character) => character.charCodeAt(0)));
    await assert.rejects(() => Array.fromAsync(format.read(path, SMALL.columns)), expected);
  };
  await failing("b.fine.npy", "b.fine.npx", /after row 1: a header of its tar archive is damaged/);
  await failing('{"id":"b"', '{"id":"B"', /after row 1: it holds 'b.json' where 'B.json' belongs/);
  await failing('{"id":"b"', '{"ix":"b"', /after row 1: a row has no 'id'/);
  await failing('"samples":null', '"samples":"xy"', /after row 1: Cannot take a row: its column /);
  await failing("'<i2'", "'<u2'", /after row 0: it is no array of <i2 of one dimension/);
});
