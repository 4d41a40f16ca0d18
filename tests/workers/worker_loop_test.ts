import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import { type BenchOptions, LoopBench } from "../support/loop_bench.ts";

const indices = (count: number) => Array.from({ length: count }, (_, i) => i);

/** A device that holds so many numbers, refuses some samples, and is short of memory at times. */
interface Device {
  readonly capacity: number;
  readonly refused: ReadonlySet<number>;
  readonly shortages: readonly boolean[];
}

function runOn({ capacity, refused, shortages }: Device): NonNullable<BenchOptions["onRun"]> {
  let runs = 0;
  return (samples, length) => {
    if (shortages[runs++]) throw new Error("no memory for now");
    if (samples.some((sample) => refused.has(sample))) throw new Error("bad input");
    if (samples.length * length > capacity) throw new Error("no memory");
  };
}

const device = fc.record({
  capacity: fc.integer({ min: 1, max: 200 }),
  refused: fc.array(fc.nat(30), { maxLength: 3 }).map((list) => new Set(list)),
  shortages: fc.array(fc.boolean(), { maxLength: 12 }),
});

const work = fc.record({
  lengths: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 }),
  feeders: fc.integer({ min: 1, max: 3 }),
  eager: fc.boolean(),
  minWindow: fc.option(fc.integer({ min: 1, max: 10 })),
  limits: fc.record({
    batch_seconds: fc.integer({ min: 1, max: 64 }),
    window_seconds: fc.constantFrom(0, 12, 20),
    queue_seconds: fc.integer({ min: 1, max: 100 }),
    max_seconds: fc.constantFrom(null, 30),
  }),
});

Deno.test("WorkerLoop answers every sample exactly once, whatever the device does and who is first", () => {
  const schedule = fc.array(fc.nat(5), { maxLength: 60 });
  const leases = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 6 });
  fc.assert(
    fc.property(work, device, schedule, leases, (work, device, schedule, leases) => {
      const unpreparable = (idx: number) => idx % 11 === 7;
      const bench = new LoopBench({ ...work, unpreparable, onRun: runOn(device) });
      const unleased = indices(work.lengths.length);
      for (const size of leases) {
        if (unleased.length > 0) bench.lease(...unleased.splice(0, size));
        for (const choice of schedule.splice(0, 10)) bench.step(choice);
      }
      if (unleased.length > 0) bench.lease(...unleased);
      for (const choice of schedule) bench.step(choice);
      bench.drain();

      for (const [idx, length] of work.lengths.entries()) {
        const [answer, ...more] = bench.answers.get(idx) ?? [];
        assert.equal(more.length, 0, `sample ${idx} is answered once`);
        const { max_seconds: longest } = work.limits;
        if (unpreparable(idx)) assert.ok(answer?.status === "failed" && answer.stage === "prepare");
        else if (longest !== null && length > longest) assert.equal(answer?.status, "filtered");
        else if (answer?.status === "ok") assert.deepEqual(answer.output, { marks: [idx] });
        else {
          assert.ok(answer?.status === "failed", `sample ${idx} is answered`);
          assert.equal(answer.reason === "out_of_memory", answer.retry);
          if (answer.reason === "model_error") assert.ok(device.refused.has(idx));
        }
      }
    }),
    { numRuns: 400 },
  );
});

Deno.test("WorkerLoop batches samples of one length, as many as fit into batch_seconds", () => {
  const bench = new LoopBench({
    lengths: [...Array<number>(8).fill(10), ...Array<number>(4).fill(20)],
    limits: { batch_seconds: 40 },
  });
  bench.lease(...indices(12));
  bench.drain();
  assert.deepEqual(bench.sizes.toSorted(), [2, 2, 4, 4]);
});

Deno.test("WorkerLoop halves the batch when memory runs out, says so, and grows it back", () => {
  let capacity = 8;
  const bench = new LoopBench({
    lengths: Array<number>(400).fill(1),
    limits: { batch_seconds: 64 },
    onRun: (samples) => {
      if (samples.length > capacity) throw new Error("no memory");
    },
  });
  bench.lease(...indices(200));
  bench.drain();
  const batches = bench.sent.filter((message) => message.type === "batch");
  assert.ok(batches.every(({ size }) => size <= 8));
  assert.equal(batches.reduce((sum, { halvings }) => sum + halvings, 0) > 0, true);
  assert.equal(bench.answers.size, 200);

  capacity = Infinity;
  bench.sizes.length = 0;
  bench.lease(...indices(400).slice(200));
  bench.drain();
  assert.ok(Math.max(...bench.sizes) > 8, "a size that held is left behind");
  assert.equal(bench.answers.size, 400);
});

Deno.test("WorkerLoop cuts a sample that does not fit alone into windows that do", () => {
  const capacity = 6;
  const bench = new LoopBench({
    lengths: [40, 5],
    minWindow: 3,
    onRun: (samples, length) => {
      if (samples.length * length > capacity) throw new Error("no memory");
    },
  });
  bench.lease(0, 1);
  bench.drain();
  const found = [0, 1].map((idx) => bench.answers.get(idx)?.map(({ status }) => status));
  assert.deepEqual(found, [["ok"], ["ok"]]);
});

Deno.test("WorkerLoop gives up a sample whose shortest window does not fit, and goes on", () => {
  const bench = new LoopBench({
    lengths: [40, 5, 5],
    minWindow: 8,
    onRun: (samples, length) => {
      if (samples.length * length > 6) throw new Error("no memory");
    },
  });
  bench.lease(0, 1, 2);
  bench.drain();
  const [answer] = bench.answers.get(0) ?? [];
  assert.ok(answer?.status === "failed" && answer.reason === "out_of_memory" && answer.retry);
  assert.match(answer.detail, /Cannot run the model on 40.00 s of audio: .*no memory/);
  assert.deepEqual([1, 2].map((idx) => bench.answers.get(idx)?.[0]?.status), ["ok", "ok"]);
});

Deno.test("WorkerLoop, told to stop, answers what is in the model and nothing else", () => {
  const bench = new LoopBench({
    lengths: Array<number>(30).fill(10),
    feeders: 2,
    eager: true,
    limits: { batch_seconds: 20 },
  });
  bench.lease(...indices(30));
  for (let i = 0; i < 12; i++) bench.step(1 + i % 2);
  const [before, inModel] = [new Set(bench.answers.keys()), bench.inModel];
  assert.ok(inModel.length > 0);
  bench.loop.command({ type: "stop" });
  assert.equal(bench.idle, 0, "the model is still at work");
  bench.lease(29);
  bench.drain();
  const after = [...bench.answers.keys()].filter((idx) => !before.has(idx));
  assert.deepEqual(after, inModel);
  assert.ok(bench.idle > 0);
});

Deno.test("WorkerLoop, told to stop with an empty model, is idle at once", () => {
  const bench = new LoopBench({ lengths: [] });
  bench.loop.command({ type: "stop" });
  assert.equal(bench.idle, 1);
});

Deno.test("WorkerLoop says that the device is lost instead of blaming a sample", () => {
  const bench = new LoopBench({
    lengths: [1, 1],
    onRun: () => {
      throw new Error("the device is lost");
    },
  });
  bench.lease(0, 1);
  bench.drain();
  assert.equal(bench.deviceLost.length, 1);
  assert.equal(bench.answers.size, 0);
});

Deno.test("WorkerLoop prepares no more than may wait for the model", () => {
  const bench = new LoopBench({
    lengths: Array<number>(100).fill(10),
    eager: true,
    limits: { queue_seconds: 50, batch_seconds: 10 },
  });
  bench.lease(...indices(100));
  for (let i = 0; i < 90; i++) bench.step(1);
  // Two batches are in the model, and one sample may be over the limit.
  assert.ok(bench.loop.status().queued_seconds <= 70, String(bench.loop.status().queued_seconds));
  bench.drain();
  assert.equal(bench.answers.size, 100);
});

Deno.test("WorkerLoop tells what it waits for", () => {
  const bench = new LoopBench({ lengths: [1, 1, 1, 1, 1, 1, 1, 1], eager: true });
  const waiting = () => bench.loop.status().waiting;
  assert.equal(waiting(), "lease");
  bench.lease(0);
  assert.equal(waiting(), "decode");
  bench.step(0);
  assert.equal(waiting(), "model");
  bench.drain();
  assert.equal(waiting(), "lease");
});

Deno.test("WorkerLoop filters by the limits of a sample's own dataset, else by those of the run", () => {
  const limits = [[null, null], [5, null], [null, 20], [5, 20], [50, 60]] as const;
  const bench = new LoopBench({
    lengths: Array<number>(limits.length).fill(30),
    limits: { min_seconds: 10, max_seconds: 25 },
    limitsOf: (idx) => {
      const [minSeconds = null, maxSeconds = null] = limits[idx] ?? [];
      return { minSeconds, maxSeconds };
    },
  });
  bench.lease(...indices(limits.length));
  bench.drain();
  const reasons = limits.map((_, idx) => {
    const [answer] = bench.answers.get(idx) ?? [];
    return answer?.status === "filtered" ? answer.reason : answer?.status;
  });
  assert.deepEqual(reasons, ["too_long", "too_long", "too_long", "too_long", "too_short"]);
});

Deno.test("WorkerLoop has a region of a file read by one feeder, while the model has work", () => {
  const bench = new LoopBench({
    lengths: Array<number>(60).fill(1),
    feeders: 3,
    limits: { batch_seconds: 1 },
    regionOf: (idx) => `row group ${Math.floor(idx / 20)}`,
  });
  bench.lease(...indices(60));
  // All feeders have work; the model is as slow as can be.
  bench.drain();
  assert.equal(bench.answers.size, 60);
  const groups = bench.prepared.map((all) => new Set(all.map((idx) => Math.floor(idx / 20))));
  assert.deepEqual(groups.map((group) => [...group]).sort(), [[0], [1], [2]]);
});
