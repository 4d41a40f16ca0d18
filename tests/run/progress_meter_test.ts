import assert from "node:assert/strict";
import type { Clock } from "../../lib/clock.ts";
import { ProgressMeter } from "../../lib/run/progress_meter.ts";
import { Rate } from "../../lib/run/rate.ts";
import type { WorkerView } from "../../lib/run/events.ts";
import type { WorkerSlot } from "../../lib/run/worker_slot.ts";
import type { Summary } from "../../lib/run/summary.ts";

/** A clock that stands still until it is moved. */
class StillClock implements Clock {
  seconds = 0;
  now = () => this.seconds * 1000;
  every = () => ({ [Symbol.dispose]() {} });
  sleep = () => Promise.resolve();
}

const START: Summary = {
  ...{ finished: false, samples: 100, plannedSeconds: 500, done: 10, quarantined: 5, filtered: 2 },
  ...{
    rejected: 3,
    excluded: 0,
    pending: 86,
    audioSeconds: 50,
    tokens: 0,
    shards: 4,
    shardsSealed: 1,
  },
  ...{ bytes: 0, splits: [], reasons: {}, filters: {} },
};

const done = (idx: number, seconds = 2) => ({ kind: "done", idx, seconds, output: {} }) as const;

Deno.test("Rate is what was added a second, over the last ten", () => {
  const rate = new Rate();
  assert.equal(rate.perSecond(0), 0);
  for (let second = 0; second < 30; second++) rate.add(4, second * 1000 + 500);
  assert.ok(Math.abs(rate.perSecond(30_000) - 4) < 0.5, String(rate.perSecond(30_000)));
  assert.ok(rate.perSecond(36_000) < 2.5, "falls when nothing is added");
  assert.equal(rate.perSecond(60_000), 0);
});

Deno.test("Rate does not leap at the first value", () => {
  const rate = new Rate();
  rate.add(10, 1000);
  assert.equal(rate.perSecond(1001), 20);
});

Deno.test("ProgressMeter counts from where earlier sessions ended", () => {
  const meter = new ProgressMeter(START, new StillClock());
  // Rejected lines are quarantined as well, but they are no samples of the plan.
  assert.equal(meter.pending, 86);
  meter.count(done(0));
  meter.count({ kind: "filtered", idx: 1, reason: "too_long" });
  const why = { stage: "run", reason: "model_error", detail: "", attempts: 1 } as const;
  meter.count({ kind: "quarantined", idx: 2, ...why });
  meter.countShard();
  const { done: finished, quarantined, filtered, audioSeconds, shardsSealed } = meter.view(
    [],
    false,
  );
  assert.deepEqual([finished, quarantined, filtered, audioSeconds, shardsSealed], [
    11,
    3,
    3,
    52,
    2,
  ]);
  assert.deepEqual([meter.pending, meter.pendingSeconds], [83, 415]);
});

Deno.test("ProgressMeter tells the time to the end from its own pace, and nothing before it has one", () => {
  const clock = new StillClock();
  const meter = new ProgressMeter(START, clock);
  assert.equal(meter.view([], false).etaSeconds, null);
  for (let i = 0; i < 20; i++) {
    clock.seconds = i / 2;
    meter.count(done(i));
  }
  clock.seconds = 10;
  const { etaSeconds, rate } = meter.view([], false);
  // 66 samples at two a second; each is two seconds long.
  assert.equal(etaSeconds, 33);
  assert.equal(rate, 4);
  clock.seconds = 60;
  assert.equal(meter.view([], false).etaSeconds, null, "it stands still");
});

/** What the meter reads of a slot. */
function slotOf(
  state: WorkerView["state"],
  waiting: WorkerView["waiting"],
): Pick<WorkerSlot, "view"> {
  const view = { name: "cpu:0", state, waiting, samples: 0, audioSeconds: 0, rate: 0 };
  return { view: () => ({ ...view, queued: 0, resident: 0 }) };
}

Deno.test("ProgressMeter blames the network while idle workers wait for blocks, and only then", () => {
  const idle = slotOf("idle", "lease");
  const meter = new ProgressMeter(START, new StillClock());
  assert.equal(meter.view([idle, idle], false).bottleneck, "nothing", "all is done, or leased");
  assert.equal(meter.view([idle, idle], true).bottleneck, "network");
  const decoding = [1, 2, 3].map(() => slotOf("working", "decode"));
  assert.equal(meter.view(decoding, true).bottleneck, "decode", "most of the time");
});

Deno.test("ProgressMeter gives the figures of this session alone", () => {
  const clock = new StillClock();
  clock.seconds = 100;
  const meter = new ProgressMeter(START, clock);
  meter.count(done(0, 3));
  clock.seconds = 104;
  assert.deepEqual(meter.session(), { wallSeconds: 4, audioSeconds: 3, samples: 1 });
});
