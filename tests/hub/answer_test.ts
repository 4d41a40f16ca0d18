import assert from "node:assert/strict";
import { Answer, IdleTimer } from "../../lib/hub/answer.ts";

/** A body of three pieces that notes whether it was cancelled. */
function threePieces() {
  const told = { cancelled: false };
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of [1, 2, 3]) controller.enqueue(Uint8Array.of(byte));
    },
    cancel() {
      told.cancelled = true;
    },
  });
  return { told, stream };
}

Deno.test("Answer restarts its timer with every piece that it waits for", async () => {
  let restarts = 0;
  class CountedTimer extends IdleTimer {
    override restart(): void {
      restarts++;
      super.restart();
    }
  }
  const timer = new CountedTimer(60_000);
  const passing = (error: unknown) => error;
  await using answer = new Answer(new Response(threePieces().stream), { timer, passing });
  let pieces = 0;
  for await (const _piece of answer.pieces()) {
    assert.equal(restarts, 1 + ++pieces);
    if (pieces === 3) break;
  }
  assert.equal(pieces, 3);
});

Deno.test("Answer ends its connection, whether it was read in part or not at all", async () => {
  for (const read of [true, false]) {
    const { told, stream } = threePieces();
    {
      await using answer = new Answer(new Response(stream), {
        timer: new IdleTimer(60_000),
        passing: (error) => error,
      });
      if (read) { for await (const _piece of answer.pieces()) break; }
    }
    assert.ok(told.cancelled);
  }
});

Deno.test("Answer ends a text that has no end", async () => {
  const piece = new Uint8Array(8 << 20);
  const stream = new ReadableStream({ pull: (controller) => controller.enqueue(piece) });
  const timer = new IdleTimer(60_000);
  await using answer = new Answer(new Response(stream), { timer, passing: (error) => error });
  await assert.rejects(answer.text(), /it is longer than 67.1 MB: check HF_ENDPOINT$/);
});
