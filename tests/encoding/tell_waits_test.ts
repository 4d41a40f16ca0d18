import assert from "node:assert/strict";
import type { EncodeEvent } from "../../lib/encoding/events.ts";
import { tellWaits } from "../../lib/encoding/tell_waits.ts";

const WAIT = { reason: "the server 'hub' answers 429", milliseconds: 40_000 };
const NOTICE: EncodeEvent = { type: "notice", message: "told by the run" };

Deno.test("tellWaits() tells a pause while the run stands still", async () => {
  const { promise: pause, resolve: goOn } = Promise.withResolvers<void>();
  const events = tellWaits(async function* (onWait) {
    onWait(WAIT);
    await pause;
    yield NOTICE;
  });
  assert.deepEqual((await events.next()).value, { type: "waiting", ...WAIT });
  goOn();
  assert.deepEqual(await Array.fromAsync(events), [NOTICE]);
});

Deno.test("tellWaits() tells each reason once a minute", async () => {
  let now = 0;
  const events = tellWaits(async function* (onWait) {
    for (const second of [0, 1, 3, 59, 60, 61]) {
      now = second * 1000;
      onWait(WAIT);
      onWait({ ...WAIT, reason: `the connection ends at byte ${second} of 1000` });
      yield NOTICE;
    }
  }, () => now);
  const told = (await Array.fromAsync(events)).filter(({ type }) => type === "waiting");
  assert.equal(told.length, 4);
});

Deno.test("tellWaits() throws what the run throws, after what it told", async () => {
  const told: EncodeEvent[] = [];
  await assert.rejects(
    async () => {
      const events = tellWaits(async function* (onWait) {
        onWait(WAIT);
        yield NOTICE;
        throw new Error("the run fails");
      });
      for await (const event of events) told.push(event);
    },
    /the run fails/,
  );
  assert.deepEqual(told.map(({ type }) => type), ["waiting", "notice"]);
});

Deno.test("tellWaits() ends a run that waits when nobody listens any more", async () => {
  let isClosed = false;
  const events = tellWaits(async function* (onWait, left) {
    try {
      onWait(WAIT);
      await new Promise((resolve) => left.addEventListener("abort", resolve));
      yield NOTICE;
    } finally {
      isClosed = true;
    }
  });
  await events.next();
  await events.return(undefined);
  assert.ok(isClosed);
});
