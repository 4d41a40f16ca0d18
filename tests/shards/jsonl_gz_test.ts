import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { SpeechmillError } from "../../lib/errors.ts";
import { realFileSystem } from "../../lib/fs.ts";
import fc from "../../lib/npm/fast_check.ts";
import type { WrittenShard } from "../../lib/shards/format.ts";
import { jsonlGz, readJsonlGz } from "../../lib/shards/jsonl_gz.ts";
import { FaultyFileSystem } from "../support/faulty_fs.ts";
import { temporaryDirectory } from "../support/temporary_directory.ts";

/** Writes rows, so many at a time. */
async function write(
  path: string,
  rows: readonly object[],
  { level = 6, page = 10 } = {},
): Promise<WrittenShard> {
  using writer = jsonlGz(level).create({
    fs: realFileSystem,
    temporary: path,
    path,
    columns: [],
  });
  for (let i = 0; i < rows.length; i += page) await writer.write(rows.slice(i, i + page));
  return await writer.finish();
}

const read = (path: string) => Array.fromAsync(readJsonlGz(path));
const tokens = (count: number) => Array.from({ length: count }, (_, i) => i * 7919 % 1024);

Deno.test("jsonlGz() reads back what it wrote: any text, any nesting", async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "a.jsonl.gz");
  const row = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue());
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 8 }), async (rows) => {
      const plain = JSON.parse(JSON.stringify(rows));
      const { rows: count } = await write(path, rows);
      assert.equal(count, rows.length);
      assert.deepEqual(await read(path), plain);
    }),
    { numRuns: 30 },
  );
});

Deno.test("jsonlGz() takes rows of megabytes, and many rows", async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "a.jsonl.gz");
  const rows = [{ id: "huge", codes: tokens(400_000) }, ...tokens(3000).map((id) => ({ id }))];
  await write(path, rows);
  assert.deepEqual(await read(path), rows);
});

Deno.test("jsonlGz() tells the true size, row count and SHA-256 of the file", async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "a.jsonl.gz");
  const written = await write(path, [{ id: "a" }, { id: "b" }]);
  const bytes = Deno.readFileSync(path);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  assert.deepEqual(written, { rows: 2, bytes: bytes.length, sha256 });
});

Deno.test("jsonlGz() writes the same bytes, however the rows come, without time or system", async () => {
  using directory = temporaryDirectory();
  const rows = tokens(2000).map((id) => ({ id, codes: tokens(id % 90) }));
  const files = [1, 7, 2000].map((page) => ({ page, path: join(directory.path, `${page}.gz`) }));
  for (const { page, path } of files) await write(path, rows, { page });
  const [first, ...others] = files.map(({ path }) => Deno.readFileSync(path));
  for (const other of others) assert.deepEqual(other, first);
  // RFC 1952: no time stamp in bytes 4 to 7, an unknown system in byte 9.
  assert.deepEqual([...first?.slice(0, 10) ?? []], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
});

Deno.test("jsonlGz() is smaller at a higher level, with the same rows", async () => {
  using directory = temporaryDirectory();
  const rows = tokens(3000).map((id) => ({ id, text: `utterance ${id}`, codes: tokens(20) }));
  const sizes: number[] = [];
  for (const level of [1, 9]) {
    const path = join(directory.path, `${level}.gz`);
    sizes.push((await write(path, rows, { level })).bytes);
    assert.deepEqual(await read(path), rows);
  }
  assert.ok((sizes[1] ?? 0) < (sizes[0] ?? 0));
});

Deno.test("jsonlGz() throws what the disk threw, from write() or from finish()", async () => {
  using directory = temporaryDirectory();
  const full = new Error("No space left on device");
  const path = join(directory.path, "a.gz");
  for (const rows of [[{ id: "small" }], tokens(40_000).map((id) => ({ id, more: tokens(9) }))]) {
    const fs = new FaultyFileSystem(2, { kind: "error", error: full });
    using writer = jsonlGz().create({ fs, temporary: path, path, columns: [] });
    await assert.rejects(
      async () => {
        await writer.write(rows);
        await writer.finish();
      },
      (error) => error === full,
    );
  }
});

Deno.test("readJsonlGz() names the file and the row where it is damaged", async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "a.jsonl.gz");
  const damaged = async (bytes: Uint8Array) => {
    Deno.writeFileSync(path, bytes);
    const rows: unknown[] = [];
    let message = "";
    try {
      for await (const row of readJsonlGz(path)) rows.push(row);
    } catch (error) {
      assert.ok(error instanceof SpeechmillError);
      message = error.message;
    }
    assert.ok(message.startsWith(`Cannot read '${path}' after row `), message);
    return { rows: rows.length, after: Number(/after row (\d+)/.exec(message)?.[1]) };
  };
  const notJson = gzipSync('{"a":1}\n{"a":2}\nnot JSON\n{"a":4}\n');
  assert.deepEqual(await damaged(notJson), { rows: 2, after: 2 });
  await write(path, tokens(20_000).map((id) => ({ id, text: `${id * 31}` })));
  const whole = Deno.readFileSync(path);
  const torn = await damaged(whole.slice(0, whole.length - 5000));
  assert.ok(torn.rows > 0 && torn.rows < 20_000 && torn.after === torn.rows);
  const flipped = whole.slice();
  flipped[whole.length >> 1] = (flipped[whole.length >> 1] ?? 0) ^ 0xff;
  assert.ok((await damaged(flipped)).rows < 20_000);
  assert.deepEqual(await damaged(new TextEncoder().encode("no gzip")), { rows: 0, after: 0 });
});

Deno.test("readJsonlGz() says that a last row is cut off, though its gzip is whole", async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "a.jsonl.gz");
  Deno.writeFileSync(path, gzipSync('{"a":1}\n{"a":'));
  await assert.rejects(() => read(path), /after row 1: .*its last line has no end/);
});

Deno.test("readJsonlGz() reads several gzip members in a row, as 'cat' joins them", async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "a.jsonl.gz");
  const members = [gzipSync('{"a":1}\n'), gzipSync('{"a":2}\n{"a":3}\n')];
  Deno.writeFileSync(path, new Uint8Array(members.flatMap((member) => [...member])));
  assert.deepEqual(await read(path), [{ a: 1 }, { a: 2 }, { a: 3 }]);
});

Deno.test("readJsonlGz() can be left in the middle, and closes its file", async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "a.jsonl.gz");
  await write(path, tokens(100_000).map((id) => ({ id, text: `${id * 31}` })));
  for await (const row of readJsonlGz(path)) {
    assert.deepEqual(row, { id: 0, text: "0" });
    break;
  }
});

Deno.test("an empty shard is a whole file that holds nothing", async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "a.jsonl.gz");
  assert.equal((await write(path, [])).rows, 0);
  assert.equal(gunzipSync(Deno.readFileSync(path)).length, 0);
  assert.deepEqual(await read(path), []);
});
