import assert from "node:assert/strict";
import { SampleError, SpeechmillError } from "../../lib/errors.ts";
import fc from "../../lib/npm/fast_check.ts";
import { runEngine } from "../../lib/run/engine.ts";
import { Ledger } from "../../lib/run/ledger.ts";
import { runPaths } from "../../lib/run/run_directory.ts";
import {
  blockPath,
  blockSource,
  deferredSamples,
  FakeBlocks,
  readingFrom,
} from "../support/fake_blocks.ts";
import { sampleOf } from "../support/list_source.ts";
import { engineOptions, publishedRows } from "../support/run_once.ts";
import { scriptedSpawner } from "../support/scripted_worker.ts";
import { steppingClock } from "../support/stepping_clock.ts";
import { temporaryDirectory } from "../support/temporary_directory.ts";
import { testJob } from "../support/test_job.ts";

interface World {
  /** The block of each sample; null for one that is in none. */
  readonly places: readonly (number | null)[];
  readonly workers: number;
  readonly maxBlocks: number;
  readonly shardSize: number;
  /** Samples that kill their worker. */
  readonly poisoned: readonly number[];
  /** Samples that fail once. */
  readonly unlucky: readonly number[];
  /** Blocks that are damaged for good. */
  readonly damaged: readonly number[];
  /** Blocks that cannot be brought in the first session that tries, and so end it. */
  readonly unreachable: readonly number[];
  /** Turns of the event loop that a block takes, by its number. */
  readonly turns: readonly number[];
  /** Answers after which the first session is stopped; null if it is not. */
  readonly stopAfter: number | null;
}

const block = fc.nat(5);
const sample = fc.nat(29);
const place = fc.option(block, { freq: 8 });
const world: fc.Arbitrary<World> = fc.record({
  places: fc.oneof(
    // Side by side, as they are in a file …
    fc.array(place, { maxLength: 30 }).map((places) => places.toSorted((a, b) => +a! - +b!)),
    // … and in any order, which costs more bringing and nothing else.
    fc.array(place, { maxLength: 15 }),
  ),
  workers: fc.integer({ min: 1, max: 3 }),
  maxBlocks: fc.integer({ min: 1, max: 4 }),
  shardSize: fc.integer({ min: 1, max: 12 }),
  poisoned: fc.uniqueArray(sample, { maxLength: 2 }),
  unlucky: fc.uniqueArray(sample, { maxLength: 4 }),
  damaged: fc.uniqueArray(block, { maxLength: 2 }),
  unreachable: fc.uniqueArray(block, { maxLength: 2 }),
  turns: fc.array(fc.nat(3), { minLength: 6, maxLength: 6 }),
  stopAfter: fc.option(fc.nat(20)),
});

interface Played {
  /** What became of each sample in the end, by its index. */
  readonly outcomes: readonly string[];
  readonly ids: readonly unknown[];
  /** The most blocks that a session had on the disk. */
  readonly most: number;
  readonly onDisk: ReadonlySet<string>;
}

/** Plays sessions until one comes to the end. */
async function play(world: World): Promise<Played> {
  using directory = temporaryDirectory();
  const samples = world.places.map((place, i) =>
    place === null ? sampleOf(`s${i}`) : { ...deferredSamples([place])[0]!, id: `s${i}` }
  );
  const unreachable = new Set(world.unreachable.map(blockPath));
  const tried = new Set<number>();
  const blocks = new FakeBlocks(async (path) => {
    const block = world.turns.findIndex((_, block) => blockPath(block) === path);
    for (let turn = world.turns[block] ?? 0; turn > 0; turn--) {
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    if (unreachable.delete(path)) throw new SpeechmillError(`Cannot bring '${path}'`);
    if (world.damaged.includes(block)) throw new SampleError("corrupt_audio", `bad '${path}'`);
  });
  let answers = 0;
  for (let session = 0; session < 6; session++) {
    const stop = new AbortController();
    const worker = readingFrom(blocks, samples, (index, worker) => {
      if (session === 0 && answers++ === world.stopAfter) stop.abort("a test asked for it");
      if (world.poisoned.includes(index)) return worker.die({ code: 139, signal: "SIGSEGV" });
      if (!world.unlucky.includes(index) || tried.has(index)) return worker.answer(index);
      tried.add(index);
      const why = { reason: "out_of_memory", detail: "no room", retry: true } as const;
      worker.send({ type: "result", index, status: "failed", stage: "run", ...why });
    });
    const options = engineOptions(directory.path, {
      ...{ workers: world.workers, maxBlocks: world.maxBlocks, clock: steppingClock() },
      ...{ job: testJob(blockSource(samples, blocks)), spawner: scriptedSpawner(worker) },
      ...{ plan: { shardSize: world.shardSize }, signal: stop.signal },
    });
    if (await isFinished(options)) break;
  }
  using ledger = Ledger.open(runPaths(directory.path).ledger);
  const outcomes = ledger.all<{ outcome: string }>(
    `SELECT COALESCE(reason, CASE state WHEN 1 THEN 'done' ELSE 'pending' END) AS outcome
       FROM sample LEFT JOIN failure USING (idx) ORDER BY idx`,
  ).map(({ outcome }) => outcome);
  const ids = (await publishedRows(directory.path)).map(({ id }) => id);
  return { outcomes, ids, most: blocks.most, onDisk: blocks.onDisk };
}

async function isFinished(options: Parameters<typeof runEngine>[0]): Promise<boolean> {
  try {
    const events = await Array.fromAsync(runEngine(options));
    const last = events.at(-1);
    return last?.type === "finished" && last.summary.finished;
  } catch (error) {
    assert.match(String(error), /Cannot bring '/);
    return false;
  }
}

Deno.test("whatever becomes of blocks and workers, every sample is done or quarantined once", async () => {
  await fc.assert(
    fc.asyncProperty(world, async (world) => {
      const { outcomes, ids, most, onDisk } = await play(world);
      const { places, poisoned, damaged } = world;
      const expected = places.map((place, i) => {
        if (place !== null && damaged.includes(place)) return "corrupt_audio";
        return poisoned.includes(i) ? "worker_crashed" : "done";
      });
      assert.deepEqual(outcomes, expected);
      const done = expected.flatMap((outcome, i) => outcome === "done" ? [`s${i}`] : []);
      assert.deepEqual(ids.toSorted(), done.toSorted());
      assert.ok(most <= world.maxBlocks, `${most} blocks were on the disk`);
      assert.deepEqual([...onDisk], []);
    }),
    { numRuns: 30 },
  );
});
