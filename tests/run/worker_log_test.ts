import assert from "node:assert/strict";
import { join } from "node:path";
import { WorkerLog } from "../../lib/run/worker_log.ts";
import { temporaryDirectory } from "../support/run_once.ts";

/** The bytes of a text, so many at a time. */
function streamOf(text: string, size: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const count = Math.ceil(bytes.length / size);
  return ReadableStream.from(
    Array.from({ length: count }, (_, i) => bytes.slice(i * size, (i + 1) * size)),
  );
}

Deno.test("WorkerLog keeps all in the file, behind what is there, and the last lines at hand", async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "w.log");
  const text = Array.from({ length: 50 }, (_, i) => `Zeile ${i}: größer 🎙️\n`).join("");
  for (const size of [1, 7, 10_000]) {
    const log = new WorkerLog();
    await log.keep(streamOf(text, size), path);
    assert.deepEqual(log.tail.split("\n"), text.trimEnd().split("\n").slice(-20));
  }
  assert.equal(Deno.readTextFileSync(path), text.repeat(3));
});

Deno.test("WorkerLog keeps a last line that was never ended", async () => {
  using directory = temporaryDirectory();
  const log = new WorkerLog();
  await log.keep(streamOf("one\n\nSegmentation fa", 5), join(directory.path, "w.log"));
  assert.equal(log.tail, "one\nSegmentation fa");
});

Deno.test("WorkerLog on a full disk keeps the last lines", async () => {
  const log = new WorkerLog();
  await log.keep(streamOf("one\ntwo\n", 3), "/dev/full");
  assert.equal(log.tail, "one\ntwo");
});

Deno.test("WorkerLog keeps the end of a line that never ends, not all of it", async () => {
  const log = new WorkerLog();
  const bar = Array.from({ length: 5000 }, (_, i) => `\r${i} of 5000`).join("");
  await log.keep(streamOf(bar, 1000), "/dev/null");
  assert.ok(log.tail.length < 10_000, `${log.tail.length} characters`);
  assert.ok(log.tail.endsWith("4999 of 5000"));
});
