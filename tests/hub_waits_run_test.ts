/** A run that waits for the Hub says so, whatever it wants of it. */
import assert from "node:assert/strict";
import type { Wait } from "../lib/hub/back_off.ts";
import { answering } from "./support/hub_faults.ts";
import { refuse } from "./support/hub_server.ts";
import { DATASET, SpeechHub } from "./support/speech_hub.ts";

Deno.test("encode() tells of pauses while it plans, looks at the target and brings the codec", async () => {
  await using session = new SpeechHub();
  await session.publish();
  const busy = (path: RegExp, status: number) =>
    session.server.faults.push(
      answering({ path }, () => refuse(status, "", { "retry-after": "40" })),
    );
  busy(new RegExp(`/datasets/${DATASET}/revision/`), 429);
  busy(/^\/api\/models\//, 502);
  busy(/whoami/, 503);
  const waits: Wait[] = [];
  const hub = { ...session.hub, onWait: (wait: Wait) => void waits.push(wait) };
  await session.encode(await session.config(), { hub });
  const host = new URL(session.server.endpoint).host;
  const told = session.events.filter(({ type }) => type === "waiting");
  assert.deepEqual(
    told,
    [429, 503, 502].map((status) => ({
      ...{ type: "waiting", milliseconds: 40_000 },
      reason: `the server '${host}' answers ${status}`,
    })),
  );
  assert.equal(waits.length, 3);
});

Deno.test("encode() tells of pauses while samples are brought", async () => {
  await using session = new SpeechHub();
  await session.publish();
  let ranges = 0;
  session.server.faults.push((seen) => {
    const isLate = seen.server === "files" && seen.headers.has("range") && ++ranges > 4;
    return isLate ? refuse(504, "") : null;
  });
  const end = await session.encode(await session.config());
  assert.ok(end?.type === "finished" && end.summary.finished);
  const told = session.events.flatMap((event) => event.type === "waiting" ? [event.reason] : []);
  assert.deepEqual(told.map((reason) => /answers (\d+)$/.exec(reason)?.[1]), ["504"]);
});

Deno.test("encode() stops with the signal of the Hub's options while it plans", async () => {
  await using session = new SpeechHub();
  await session.publish();
  const stop = new AbortController();
  session.server.faults.push(({ path }) => {
    if (path.includes(`/datasets/${DATASET}/revision/`)) stop.abort(new Error("enough"));
    return null;
  });
  const hub = { ...session.hub, signal: stop.signal };
  await assert.rejects(session.encode(await session.config(), { hub }), /enough/);
});
