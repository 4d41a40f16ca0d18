import assert from "node:assert/strict";
import { join } from "node:path";
import type { Clock } from "../../lib/clock.ts";
import { EventLog } from "../../lib/run/event_log.ts";
import type { Progress, RunEvent } from "../../lib/run/events.ts";
import { lastProgress } from "../../lib/run/last_progress.ts";
import { temporaryDirectory } from "../support/run_once.ts";

const notice = (message: string): RunEvent => ({ type: "notice", message });

function progress(done: number): Progress {
  return {
    ...{ type: "progress", total: 9, done, quarantined: 0, filtered: 0, audioSeconds: 0, rate: 0 },
    ...{ etaSeconds: null, shardsSealed: 0, shards: 1, workers: [], bottleneck: "nothing" },
  };
}

/** A clock of which the test is the hand; `tick` is the log's own timer. */
function handClock(): Clock & { seconds: number; tick(): void } {
  let ticks: (() => void)[] = [];
  return {
    seconds: 0,
    now() {
      return this.seconds * 1000;
    },
    tick: () => ticks.forEach((tick) => tick()),
    every(_, tick) {
      ticks.push(tick);
      return { [Symbol.dispose]: () => ticks = [] };
    },
    sleep: () => Promise.resolve(),
  };
}

Deno.test("EventLog appends one line an event, with its time, and leaves what is there", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "events.jsonl");
  Deno.writeTextFileSync(path, '{"at":"earlier"}\n');
  const clock = handClock();
  {
    using log = new EventLog(path, clock);
    log.add(notice("größer 🎙️\n"));
    clock.seconds = 61;
    log.add({ type: "sealed", path: null, rows: 0, bytes: 0 });
    clock.tick();
    assert.equal(Deno.readTextFileSync(path).split("\n").length, 4, "written before the end");
    log.add(notice("last"));
  }
  const lines = Deno.readTextFileSync(path).trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines, [
    { at: "earlier" },
    { at: "1970-01-01T00:00:00.000Z", type: "notice", message: "größer 🎙️\n" },
    { at: "1970-01-01T00:01:01.000Z", type: "sealed", path: null, rows: 0, bytes: 0 },
    { at: "1970-01-01T00:01:01.000Z", type: "notice", message: "last" },
  ]);
});

Deno.test("EventLog keeps progress every ten seconds, which lastProgress() finds", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "events.jsonl");
  const clock = handClock();
  {
    using log = new EventLog(path, clock);
    for (clock.seconds = 0; clock.seconds < 25; clock.seconds++) log.add(progress(clock.seconds));
    // More than one block of other events lies behind it.
    for (let i = 0; i < 300; i++) log.add(notice("x".repeat(1000)));
  }
  const kept = Deno.readTextFileSync(path).split("\n").filter((line) => line.includes("progress"));
  assert.deepEqual(kept.map((line) => JSON.parse(line).done), [0, 10, 20]);
  assert.equal(lastProgress(path)?.done, 20);
});

Deno.test("EventLog sums up what comes by the million, and loses none of it", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "events.jsonl");
  const clock = handClock();
  const lease = { type: "lease", lease: 1, samples: 3, suspect: false } as const;
  const batch = { type: "batch", size: 2, paddedSeconds: 4, milliseconds: 5, halvings: 1 } as const;
  {
    using log = new EventLog(path, clock);
    for (let i = 0; i < 1000; i++) {
      clock.seconds = i / 50;
      log.add({ ...lease, worker: `cpu:${i % 2}` });
      log.add({ ...batch, worker: `cpu:${i % 2}` });
      if (i % 50 === 0) log.add(progress(i));
    }
    log.add({ ...lease, worker: "cpu:0", suspect: true });
  }
  const lines = Deno.readTextFileSync(path).trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.ok(lines.length < 12, `${lines.length} lines`);
  assert.equal(lines.filter(({ type, suspect }) => type === "lease" && suspect).length, 1);
  const work = lines.filter(({ type, worker }) => type === "work" && worker === "cpu:1");
  const sum = (name: string) => work.reduce((total, line) => total + line[name], 0);
  const names = ["leases", "leasedSamples", "batches", "pieces", "paddedSeconds", "halvings"];
  assert.deepEqual(names.map(sum), [500, 1500, 500, 1000, 2000, 500]);
  assert.equal(work[0].largestBatch, 2);
});

Deno.test("lastProgress() is null without a log or without progress, and passes over a torn line", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "events.jsonl");
  assert.equal(lastProgress(path), null);
  Deno.writeTextFileSync(path, '{"type":"notice"}\n');
  assert.equal(lastProgress(path), null);
  Deno.writeTextFileSync(path, '{"type":"progress","done":3}\n{"type":"progress","do');
  assert.equal(lastProgress(path)?.done, 3);
});

Deno.test("EventLog on a full disk loses its lines and throws nothing", () => {
  const clock = handClock();
  using log = new EventLog("/dev/full", clock);
  log.add(notice("lost"));
  clock.tick();
  log.add(notice("lost as well"));
});
