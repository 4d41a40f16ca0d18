import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import { Dispatcher, type Grant } from "../../lib/run/dispatcher.ts";
import { Ledger } from "../../lib/run/ledger.ts";
import { planRun } from "../../lib/run/plan.ts";
import type { Source } from "../../lib/sources/source.ts";
import { blockPath, deferredSamples } from "../support/fake_blocks.ts";
import { listSource, sampleOf } from "../support/list_source.ts";

/** A planned ledger with one sample a duration. */
function ledgerOf(durations: readonly (number | null)[], shardSize: number): Promise<Ledger> {
  const samples = durations.map((duration, i) => sampleOf(`s${i}`, { duration }));
  return plannedLedger(listSource(samples), shardSize);
}

async function plannedLedger(source: Source, shardSize: number): Promise<Ledger> {
  const ledger = Ledger.create(":memory:");
  await planRun(ledger, source, {
    ...{ valRatio: 0.3, splitBy: "id", shardSize, maxSamples: null },
    ...{ minSeconds: null, maxSeconds: null, lengthOf: Math.ceil },
  });
  return ledger;
}

interface World {
  readonly total: number;
  /** What each worker holds. */
  readonly held: Map<number, Set<number>>;
  /** Workers that hold suspects. */
  readonly suspicious: Set<number>;
  readonly done: Set<number>;
}

/** Something that happens to a worker: it is given samples, answers some, returns some, or dies. */
type Step =
  | {
    readonly kind: "lease";
    readonly worker: number;
    readonly samples: number;
    readonly seconds: number;
  }
  | { readonly kind: "answer" | "return"; readonly worker: number; readonly count: number }
  | { readonly kind: "die"; readonly worker: number };

const worker = fc.nat(3);
const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        ...{ kind: fc.constant("lease" as const), worker },
        ...{ samples: fc.integer({ min: 1, max: 9 }), seconds: fc.integer({ min: 0, max: 60 }) },
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant("answer" as const), worker, count: fc.nat(9) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("return" as const), worker, count: fc.nat(3) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("die" as const), worker }) },
  ),
  { maxLength: 80 },
);

function heldBy(world: World, worker: number): Set<number> {
  let held = world.held.get(worker);
  if (held === undefined) world.held.set(worker, held = new Set());
  return held;
}

/** What a grant may be, whatever came before. */
function check(
  world: World,
  worker: number,
  grant: Grant,
  size: { samples: number; seconds: number },
) {
  const held = heldBy(world, worker);
  const everyone = [...world.held.values()].flatMap((set) => [...set]);
  assert.ok(grant.samples.length > 0);
  for (const { idx } of grant.samples) {
    assert.ok(!everyone.includes(idx), `sample ${idx} is held by two`);
    assert.ok(!world.done.has(idx), `sample ${idx} is done`);
  }
  if (grant.suspect) {
    return assert.equal(held.size, 0, "suspects go to a worker that holds nothing");
  }
  assert.ok(grant.samples.length <= size.samples);
  const seconds = grant.samples.reduce((sum, sample) => sum + sample.seconds, 0);
  assert.ok(grant.samples.length === 1 || seconds <= size.seconds);
}

function take(dispatcher: Dispatcher, world: World, step: Step): void {
  const held = heldBy(world, step.worker);
  const back = (count: number) => {
    const chosen = [...held].slice(0, count);
    chosen.forEach((idx) => held.delete(idx));
    return chosen.map((idx) => ({ idx, seconds: 1, block: null }));
  };
  if (step.kind === "lease") {
    if (world.suspicious.has(step.worker) && held.size > 0) return;
    const grant = dispatcher.next(step, held.size === 0);
    if (grant === null) return;
    check(world, step.worker, grant, step);
    grant.samples.forEach(({ idx }) => held.add(idx));
    if (grant.suspect) world.suspicious.add(step.worker);
    else world.suspicious.delete(step.worker);
  } else if (step.kind === "answer") back(step.count).forEach(({ idx }) => world.done.add(idx));
  else if (step.kind === "return") dispatcher.giveBack(back(step.count));
  else {
    const lost = back(Infinity);
    dispatcher.suspect(lost.slice(0, Math.ceil(lost.length / 2)));
    dispatcher.suspect(lost.slice(Math.ceil(lost.length / 2)));
  }
}

Deno.test("Dispatcher grants each pending sample to one worker at a time, until all are done", async () => {
  const durations = fc.array(fc.option(fc.integer({ min: 1, max: 20 })), { maxLength: 30 });
  const shardSize = fc.integer({ min: 1, max: 8 });
  await fc.assert(
    fc.asyncProperty(durations, shardSize, steps, async (durations, shardSize, steps) => {
      using ledger = await ledgerOf(durations, shardSize);
      const dispatcher = new Dispatcher(ledger);
      const total = durations.length;
      const world: World = { total, held: new Map(), suspicious: new Set(), done: new Set() };
      const outside = () =>
        world.done.size + [...world.held.values()].reduce((n, s) => n + s.size, 0);
      for (const step of steps) {
        take(dispatcher, world, step);
        assert.equal(dispatcher.unleased, total - outside());
      }
      // Left alone, the workers come to the end of it.
      for (
        let worker = 0;
        outside() < total || world.done.size < total;
        worker = (worker + 1) % 4
      ) {
        take(dispatcher, world, { kind: "answer", worker, count: Infinity });
        take(dispatcher, world, { kind: "lease", worker, samples: 9, seconds: 60 });
      }
      assert.equal(dispatcher.next({ samples: 1, seconds: 1 }, true), null);
      assert.equal(dispatcher.unleased, 0);
    }),
    { numRuns: 60 },
  );
});

Deno.test("Dispatcher goes through the shards in order, in each the longest first", async () => {
  using ledger = await ledgerOf([2, 9, 5, null, 1, 7, 3], 3);
  ledger.run("UPDATE sample SET shard = idx / 3");
  const dispatcher = new Dispatcher(ledger);
  const granted: number[] = [];
  for (;;) {
    const grant = dispatcher.next({ samples: 2, seconds: 1000 }, true);
    if (grant === null) break;
    granted.push(...grant.samples.map(({ idx }) => idx));
  }
  assert.deepEqual(granted, [1, 2, 0, 5, 4, 3, 6]);
});

Deno.test("Dispatcher leaves out what earlier sessions did", async () => {
  using ledger = await ledgerOf([1, 1, 1, 1], 10);
  ledger.run("UPDATE sample SET state = 1 WHERE idx IN (0, 2)");
  const dispatcher = new Dispatcher(ledger);
  assert.equal(dispatcher.unleased, 2);
  const grant = dispatcher.next({ samples: 10, seconds: 100 }, true);
  assert.deepEqual(new Set(grant?.samples.map(({ idx }) => idx)), new Set([1, 3]));
});

Deno.test("Dispatcher gives suspects by themselves, and only to a worker that holds nothing", async () => {
  using ledger = await ledgerOf([1, 1, 1, 1], 10);
  const dispatcher = new Dispatcher(ledger);
  const first = dispatcher.next({ samples: 2, seconds: 100 }, true)?.samples ?? [];
  dispatcher.suspect(first.slice(0, 1));
  dispatcher.suspect(first.slice(1));
  dispatcher.suspect([]);
  const busy = dispatcher.next({ samples: 9, seconds: 100 }, false);
  assert.deepEqual([busy?.suspect, busy?.samples.length], [false, 2]);
  assert.equal(dispatcher.next({ samples: 9, seconds: 100 }, false), null);
  const suspects = [1, 2].map(() => dispatcher.next({ samples: 9, seconds: 100 }, true));
  assert.deepEqual(suspects.map((grant) => [grant?.suspect, grant?.samples.length]), [
    [true, 1],
    [true, 1],
  ]);
});

/** Samples in blocks, and a gate that a test opens. */
async function gated(
  blocks: readonly number[],
): Promise<{ dispatcher: Dispatcher; here: Set<string> } & Disposable> {
  const ledger = await plannedLedger(
    { ...listSource(deferredSamples(blocks)), isSequential: true },
    2,
  );
  const here = new Set<string>();
  const dispatcher = new Dispatcher(ledger, { isHere: (path) => here.has(path) });
  return { dispatcher, here, [Symbol.dispose]: () => ledger[Symbol.dispose]() };
}

const MANY = { samples: 99, seconds: 1e6 };

function taken(dispatcher: Dispatcher, alone = true): number[] | undefined {
  return dispatcher.next(MANY, alone)?.samples.map(({ idx }) => idx);
}

Deno.test("Dispatcher goes through a sequential source in the order of the plan, page by page", async () => {
  const durations = Array.from({ length: 9000 }, (_, i) => 1 + i % 7);
  const samples = durations.map((duration, i) => sampleOf(`s${i}`, { duration }));
  using ledger = await plannedLedger({ ...listSource(samples), isSequential: true }, 100);
  ledger.run("UPDATE sample SET state = 1 WHERE idx < 2000 OR idx % 3 = 0");
  ledger.run("UPDATE shard SET sealed = 1 WHERE last < 1500");
  const dispatcher = new Dispatcher(ledger);
  const granted: number[] = [];
  for (let grant = taken(dispatcher); grant !== undefined; grant = taken(dispatcher)) {
    granted.push(...grant);
  }
  const expected = durations.map((_, i) => i).filter((i) => i >= 2000 && i % 3 !== 0);
  assert.deepEqual(granted, expected);
});

Deno.test("Dispatcher holds samples back until their block is here, and says so", async () => {
  using world = await gated([0, 0, 1, 1]);
  const { dispatcher, here } = world;
  assert.deepEqual([dispatcher.next(MANY, true), dispatcher.isStarved], [null, true]);
  assert.deepEqual([...dispatcher.urgentBlocks], [blockPath(0)]);
  here.add(blockPath(1));
  assert.equal(dispatcher.next(MANY, true), null, "the order is kept");
  here.add(blockPath(0));
  assert.equal(dispatcher.isStarved, false);
  assert.deepEqual(taken(dispatcher), [0, 1, 2, 3]);
  assert.equal(dispatcher.isStarved, false, "nothing is left to wait for");
});

Deno.test("Dispatcher leases what came back as its block is here, and suspects when all of theirs are", async () => {
  using world = await gated([0, 1, 2, 2]);
  const { dispatcher, here } = world;
  [0, 1, 2].forEach((block) => here.add(blockPath(block)));
  const samples = dispatcher.next(MANY, true)?.samples ?? [];
  here.delete(blockPath(0));
  dispatcher.giveBack(samples.slice(0, 1));
  dispatcher.suspect(samples.slice(1, 3));
  dispatcher.giveBack(samples.slice(3));
  here.delete(blockPath(1));
  assert.deepEqual([...dispatcher.urgentBlocks], [1, 2, 0].map(blockPath));
  assert.deepEqual(taken(dispatcher), [3]);
  assert.deepEqual([dispatcher.next(MANY, true), dispatcher.isWaiting], [null, true]);
  here.add(blockPath(0));
  assert.deepEqual([dispatcher.isWaiting, taken(dispatcher)], [false, [0]]);
  assert.deepEqual([dispatcher.next(MANY, true), dispatcher.isStarved], [null, true]);
  here.add(blockPath(1));
  assert.deepEqual([taken(dispatcher, false), taken(dispatcher)], [undefined, [1, 2]]);
});

Deno.test("Dispatcher forgets the samples of a block that is lost, wherever they wait", async () => {
  using world = await gated([0, 0, 0, 1, 0, 1]);
  const { dispatcher, here } = world;
  here.add(blockPath(0)).add(blockPath(1));
  const first = dispatcher.next({ samples: 4, seconds: 1e6 }, true)?.samples ?? [];
  dispatcher.giveBack(first.slice(0, 1));
  dispatcher.suspect(first.slice(1, 2));
  dispatcher.suspect(first.slice(2, 4));
  dispatcher.discard(blockPath(0), 4);
  assert.equal(dispatcher.unleased, 2);
  assert.deepEqual([taken(dispatcher), taken(dispatcher), taken(dispatcher)], [
    [3],
    [5],
    undefined,
  ]);
});
