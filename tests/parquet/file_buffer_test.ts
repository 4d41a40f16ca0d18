import assert from "node:assert/strict";
import { join } from "node:path";
import { openFileBuffer } from "../../lib/parquet/file_buffer.ts";
import { temporaryDirectory } from "../support/run_once.ts";

const BYTES = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);

function fileOf(directory: string): string {
  const path = join(directory, "bytes.bin");
  Deno.writeFileSync(path, BYTES);
  return path;
}

Deno.test("openFileBuffer() reads the ranges that are asked for", () => {
  using directory = temporaryDirectory();
  using file = openFileBuffer(fileOf(directory.path));
  assert.equal(file.byteLength, BYTES.length);
  const ranges = [[0, 0], [0, 4], [10, 999], [999, 1000], [1000, 1000], [-4, undefined], [5, -5]];
  for (const [start = 0, end] of ranges) {
    assert.deepEqual(new Uint8Array(file.slice(start, end)), BYTES.slice(start, end));
  }
  assert.deepEqual(new Uint8Array(file.slice(990)), BYTES.slice(990));
});

Deno.test("openFileBuffer() says of a range outside the file how long the file is", () => {
  using directory = temporaryDirectory();
  const path = fileOf(directory.path);
  using file = openFileBuffer(path);
  for (const [start = 0, end = 0] of [[0, 1001], [2000, 3000], [5, 4], [0, NaN], [0.5, 4]]) {
    assert.throws(() => file.slice(start, end), {
      message: `Cannot read bytes ${start} to ${end} of '${path}': the file has 1000 bytes`,
    });
  }
});

Deno.test("openFileBuffer() reads no more than a file holds that shrank meanwhile", () => {
  using directory = temporaryDirectory();
  const path = fileOf(directory.path);
  using file = openFileBuffer(path);
  Deno.truncateSync(path, 100);
  assert.throws(() => file.slice(50, 150), /^Error: Cannot read bytes 50 to 150 of /);
});

Deno.test("openFileBuffer() throws for a file that is not there", () => {
  assert.throws(() => openFileBuffer("/no/such/file.parquet"), { code: "ENOENT" });
});

Deno.test("openFileBuffer() fills bytes that are there, and only with what the file holds", () => {
  using directory = temporaryDirectory();
  using file = openFileBuffer(fileOf(directory.path));
  const bytes = new Uint8Array(20);
  file.fill(bytes.subarray(5, 15), 300);
  assert.deepEqual(bytes.subarray(5, 15), BYTES.subarray(300, 310));
  assert.deepEqual([bytes[4], bytes[15]], [0, 0]);
  assert.throws(() => file.fill(bytes, 990), /Cannot read bytes 990 to 1010 of/);
  assert.throws(() => file.fill(bytes, -1), /Cannot read bytes -1 to 19 of/);
});
