import assert from "node:assert/strict";
import { BackOff, PassingError } from "../../lib/hub/back_off.ts";
import { retryAfter } from "../../lib/hub/retry_after.ts";
import { refuse } from "../support/hub_server.ts";
import { HubSession } from "../support/hub_session.ts";

const DATE = "Sat, 21 Nov 2026 12:00:00 GMT";
const LATER = "Sat, 21 Nov 2026 12:00:30 GMT";

Deno.test("retryAfter() reads seconds, dates by the server's clock, and the Hub's windows", () => {
  const now = Date.parse(DATE) - 5000;
  for (
    const [headers, milliseconds] of [
      [{ "retry-after": "7" }, 7_000],
      [{ "retry-after": LATER, date: DATE }, 30_000],
      [{ "retry-after": LATER }, 35_000],
      [{ "retry-after": DATE, date: LATER }, 0],
      [{ ratelimit: '"api";r=0;t=55' }, 55_000],
      [{ ratelimit: '"api";r=4999;t=270' }, null],
      [{ "retry-after": "soon" }, null],
      [{}, null],
    ] as const
  ) {
    assert.equal(retryAfter(new Headers(headers), now), milliseconds, JSON.stringify(headers));
  }
});

for (const status of [429, 500, 502, 503, 504]) {
  Deno.test(`a ${status} is tried again, after the pause that the server asks for`, async () => {
    await using session = new HubSession();
    session.add("config.json", "{}", false);
    session.server.faults.push(() => refuse(status, "", { "retry-after": "7" }));
    session.server.faults.push(() => refuse(status, "", { "retry-after": LATER, date: DATE }));
    session.server.faults.push(() => refuse(status, ""));
    assert.equal(await session.read("config.json"), "{}");
    assert.deepEqual(session.waits, [7_000, 30_000, 4_000]);
  });
}

Deno.test("a server that stays busy ends in an error that names it", async () => {
  await using session = new HubSession();
  for (let times = 0; times < 6; times++) session.server.faults.push(() => refuse(503, ""));
  const { host } = new URL(session.server.endpoint);
  await assert.rejects(session.open(), {
    name: "HubUnreachableError",
    message: `Cannot list the files of 'org/name' at 'main': the server '${host}' answers 503 ` +
      "(attempt 6 of 6); check the network and HF_ENDPOINT, then run the command again",
  });
  assert.deepEqual(session.waits, [1_000, 2_000, 4_000, 8_000, 16_000]);
});

Deno.test("a server that asks for an hour is not waited for", async () => {
  await using session = new HubSession();
  session.server.faults.push(() => refuse(429, "", { "retry-after": "3600" }));
  await assert.rejects(session.open(), /answers 429 and asks to wait; try again in 60 minutes$/);
  assert.deepEqual(session.waits, []);
});

Deno.test("BackOff stops pausing at 32 s, and counts anew after progress", async () => {
  const waits: number[] = [];
  const wait = (milliseconds: number) => Promise.resolve(void waits.push(milliseconds));
  const backOff = new BackOff("do it", { attempts: 9, wait });
  for (let times = 0; times < 8; times++) await backOff.after(new PassingError("no"));
  assert.deepEqual(waits.slice(-3), [32_000, 32_000, 32_000]);
  backOff.progress();
  await backOff.after(new PassingError("no"));
  assert.equal(waits.at(-1), 1_000);
});

Deno.test("BackOff throws at once what does not pass", async () => {
  const defect = new TypeError("x is not a function");
  await assert.rejects(new BackOff("do it", {}).after(defect), defect);
});

Deno.test("BackOff tells each pause before it begins, and none once it is stopped", async () => {
  const happened: unknown[] = [];
  const stop = new AbortController();
  const backOff = new BackOff("do it", {
    wait: (milliseconds) => Promise.resolve(void happened.push(milliseconds)),
    onWait: (wait) => happened.push(wait),
    signal: stop.signal,
  });
  await backOff.after(new PassingError("busy"));
  await backOff.after(new PassingError("busier", 40_000));
  stop.abort();
  await backOff.after(new PassingError("busy"));
  assert.deepEqual(happened, [
    { reason: "busy", milliseconds: 1000 },
    1000,
    { reason: "busier", milliseconds: 40_000 },
    40_000,
    4000,
  ]);
});
