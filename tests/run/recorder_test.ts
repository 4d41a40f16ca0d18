import assert from "node:assert/strict";
import { Ledger } from "../../lib/run/ledger.ts";
import { planRun } from "../../lib/run/plan.ts";
import { type Outcome, recordAttempt, Recorder } from "../../lib/run/recorder.ts";
import { STATE } from "../../lib/run/schema.ts";
import { summarize } from "../../lib/run/summary.ts";
import { listSource, manySamples } from "../support/list_source.ts";

async function plannedLedger(count: number): Promise<Ledger> {
  const ledger = Ledger.create(":memory:");
  await planRun(ledger, listSource(manySamples(count)), {
    ...{ valRatio: 0, splitBy: "id", shardSize: 2, maxSamples: null },
    ...{ minSeconds: null, maxSeconds: null, lengthOf: () => 0 },
  });
  return ledger;
}

const done = (idx: number) => ({ kind: "done", idx, seconds: 1.5, output: { idx } }) as const;

function quarantined(idx: number): Outcome {
  const why = { stage: "run", reason: "model_error", detail: "no", attempts: 2 } as const;
  return { kind: "quarantined", idx, ...why };
}

Deno.test("Recorder writes every kind of outcome, and says which sample and shard it was", async () => {
  using ledger = await plannedLedger(4);
  const recorder = new Recorder(ledger);
  recorder.add(done(0));
  recorder.add(quarantined(2));
  recorder.add({ kind: "filtered", idx: 3, reason: "too_long" });
  assert.equal(recorder.buffered, 3);
  const recorded = recorder.flush();
  assert.deepEqual(recorded.map(({ id, shard }) => [id, shard]), [
    ["s0000", 0],
    ["s0002", 1],
    ["s0003", 1],
  ]);
  assert.equal(recorder.buffered, 0);
  const { done: finished, quarantined: failed, filtered, pending } = summarize(ledger);
  assert.deepEqual([finished, failed, filtered, pending], [1, 1, 1, 1]);
});

Deno.test("Recorder keeps the first outcome of a sample, whatever comes after it", async () => {
  using ledger = await plannedLedger(2);
  const recorder = new Recorder(ledger);
  recorder.add(done(0));
  recorder.add(quarantined(0));
  assert.equal(recorder.flush().length, 1);
  recorder.add(done(0));
  assert.deepEqual(recorder.flush(), []);
  assert.deepEqual(summarize(ledger).reasons, {});
  assert.equal(ledger.all("SELECT * FROM result").length, 1);
});

Deno.test("Recorder that could not write keeps what it has, and writes it when it can", async () => {
  using ledger = await plannedLedger(3);
  const recorder = new Recorder(ledger);
  recorder.add(done(0));
  recorder.add(done(1));
  ledger.exec(
    "CREATE TRIGGER full BEFORE INSERT ON result WHEN NEW.idx = 1 " +
      "BEGIN SELECT RAISE(ABORT, 'no room'); END",
  );
  assert.throws(() => recorder.flush(), /no room/);
  assert.equal(recorder.buffered, 2);
  const states = () =>
    ledger.all<{ state: number }>("SELECT state FROM sample").map((r) => r.state);
  assert.deepEqual(states(), [STATE.pending, STATE.pending, STATE.pending]);
  ledger.exec("DROP TRIGGER full");
  assert.equal(recorder.flush().length, 2);
  assert.deepEqual(states(), [STATE.done, STATE.done, STATE.pending]);
});

Deno.test("recordAttempt() counts tries of a sample that ended the same way", async () => {
  using ledger = await plannedLedger(2);
  const attempt = (idx: number, outcome: string) =>
    recordAttempt(ledger, { idx, outcome, worker: "cpu:0", detail: "", at: 1 });
  const counts = [[0, "crashed"], [0, "crashed"], [1, "crashed"], [0, "stalled"], [0, "crashed"]];
  assert.deepEqual(counts.map(([idx, outcome]) => attempt(Number(idx), String(outcome))), [
    ...[1, 2, 1, 1, 3],
  ]);
});
