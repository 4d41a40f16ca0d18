import assert from "node:assert/strict";
import { join } from "node:path";
import type { Column } from "../../lib/shards/column.ts";
import { npy } from "../../lib/shards/npy.ts";
import { publishedFiles, sealTable, shardPath, type Table } from "../support/shards.ts";
import { temporaryDirectory } from "../support/temporary_directory.ts";

const format = npy();
const COLUMNS: readonly Column[] = [
  { name: "id", type: "string" },
  { name: "codes", type: "tokens", maximum: 1023 },
];

function tableOf(ids: readonly string[]): Table {
  return { columns: COLUMNS, rows: ids.map((id, i) => ({ id, codes: [i, i + 1] })) };
}

Deno.test("npy() keeps the files of any id in the folder of the shard", async () => {
  using directory = temporaryDirectory();
  const inner = join(directory.path, "data");
  Deno.mkdirSync(inner);
  const ids = ["../../x", "/etc/passwd", "..", "", "CON", "a\0b", "a/b", "a\\b", "a.b", "A.B"];
  await sealTable(tableOf(ids), { format, directory: inner });
  const paths = Object.keys(publishedFiles(directory.path));
  assert.equal(paths.length, ids.length + 1);
  for (const path of paths) {
    assert.match(path, /^data\/train-00000-of-00002(\.npy\.jsonl|\/[\w-]+\.codes\.npy)$/);
  }
  const rows = await Array.fromAsync(format.read(shardPath(inner, format), COLUMNS));
  assert.deepEqual(rows.map(({ id }) => id), ids);
});

Deno.test("npy() replaces what an earlier attempt with other rows left", async () => {
  using directory = temporaryDirectory();
  const options = { format, directory: directory.path };
  Deno.mkdirSync(join(directory.path, "train-00000-of-00002.tmp"));
  Deno.writeTextFileSync(join(directory.path, "train-00000-of-00002.tmp", "old.codes.npy"), "");
  await sealTable(tableOf(["a", "b"]), options);
  await sealTable(tableOf(["b"]), options);
  assert.deepEqual(Object.keys(publishedFiles(directory.path)), [
    "train-00000-of-00002.npy.jsonl",
    "train-00000-of-00002/b.codes.npy",
  ]);
});

Deno.test("reading refuses a file outside of the folder, whatever the index says", async () => {
  using directory = temporaryDirectory();
  await sealTable(tableOf(["a", "b"]), { format, directory: directory.path });
  const path = shardPath(directory.path, format);
  const index = Deno.readTextFileSync(path);
  const folder = "train-00000-of-00002";
  Deno.copyFileSync(join(directory.path, folder, "b.codes.npy"), join(directory.path, "b.npy"));
  for (const other of ["b.npy", `${folder}/../b.npy`, join(directory.path, "b.npy")]) {
    Deno.writeTextFileSync(path, index.replace(`${folder}/b.codes.npy`, other));
    await assert.rejects(
      () => Array.fromAsync(format.read(path, COLUMNS)),
      /after row 1: it names '.*' where 'train-00000-of-00002\/b.codes.npy' belongs/,
    );
  }
});

Deno.test("reading checks each file's SHA-256 and length", async () => {
  using directory = temporaryDirectory();
  await sealTable(tableOf(["a", "b"]), { format, directory: directory.path });
  const path = shardPath(directory.path, format);
  const index = Deno.readTextFileSync(path);
  const failing = (expected: RegExp) =>
    assert.rejects(() => Array.fromAsync(format.read(path, COLUMNS)), expected);
  Deno.writeTextFileSync(path, index.replace('"length":2', '"length":3'));
  await failing(/after row 0: 'train-00000-of-00002\/a.codes.npy' holds 2 tokens, not 3/);
  Deno.writeTextFileSync(path, index.replace(/\{"path".*\}\}/, "null}"));
  await failing(/after row 0: the next row names no file for its tokens/);
  Deno.writeTextFileSync(path, index);
  const array = join(directory.path, "train-00000-of-00002", "b.codes.npy");
  const bytes = Deno.readFileSync(array);
  Deno.writeFileSync(array, bytes.with(-2, 9));
  await failing(
    /after row 1: the SHA-256 of 'train-00000-of-00002\/b.codes.npy' is [0-9a-f]{64}, /,
  );
  Deno.removeSync(array);
  await failing(/after row 1: No such file/);
});
