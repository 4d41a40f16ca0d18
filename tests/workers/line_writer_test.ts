import assert from "node:assert/strict";
import { LineWriter } from "../../workers/line_writer.ts";

/** Takes a few bytes at a time, as a full pipe does. */
function slowSink(): { write(bytes: Uint8Array): Promise<number>; text(): string } {
  const taken: number[] = [];
  return {
    async write(bytes) {
      await Promise.resolve();
      const part = bytes.subarray(0, 5);
      taken.push(...part);
      return part.length;
    },
    text: () => new TextDecoder().decode(new Uint8Array(taken)),
  };
}

Deno.test("LineWriter writes whole lines in the order they were sent, however little is taken", async () => {
  const sink = slowSink();
  const writer = new LineWriter(sink, () => assert.fail("broken"));
  const messages = Array.from(
    { length: 50 },
    (_, i) => ({ i, text: "ünïcödé 🎙️\n".repeat(i % 3) }),
  );
  for (const message of messages) {
    writer.send(message);
    if (message.i % 7 === 0) await Promise.resolve();
  }
  await writer.flush();
  const lines = sink.text().split("\n");
  assert.equal(lines.pop(), "");
  assert.deepEqual(lines.map((line) => JSON.parse(line)), messages);
});

Deno.test("LineWriter says once that the other side is gone, and flush() does not wait for it", async () => {
  let broken = 0;
  const writer = new LineWriter({
    write: () => Promise.reject(new Deno.errors.BrokenPipe()),
  }, () => broken++);
  writer.send({ type: "a" });
  await writer.flush();
  assert.equal(broken, 1);
});

Deno.test("LineWriter.flush() resolves at once when nothing was sent", async () => {
  await new LineWriter(slowSink(), () => {}).flush();
});
