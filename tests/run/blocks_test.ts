import assert from "node:assert/strict";
import { join } from "node:path";
import { SampleError, SpeechmillError } from "../../lib/errors.ts";
import { type EngineOptions, runEngine } from "../../lib/run/engine.ts";
import { Ledger } from "../../lib/run/ledger.ts";
import { runPaths } from "../../lib/run/run_directory.ts";
import type { SourceSample } from "../../lib/sources/source.ts";
import { severalSources } from "../../lib/sources/several.ts";
import {
  blockPath,
  blockSource,
  type BringScript,
  deferredSamples,
  FakeBlocks,
  readingFrom,
} from "../support/fake_blocks.ts";
import { listSource, manySamples } from "../support/list_source.ts";
import { engineOptions, publishedBytes, runOnce, type RunSetup } from "../support/run_once.ts";
import { scriptedSpawner, type WorkerScript } from "../support/scripted_worker.ts";
import { steppingClock } from "../support/stepping_clock.ts";
import { temporaryDirectory } from "../support/temporary_directory.ts";
import { testJob } from "../support/test_job.ts";

/** Twelve blocks of five samples each. */
const samples = deferredSamples(Array.from({ length: 60 }, (_, i) => Math.floor(i / 5)));
const ALL = Array.from({ length: 12 }, (_, block) => blockPath(block));

interface Setup extends RunSetup {
  readonly script?: BringScript;
  readonly worker?: WorkerScript;
  readonly list?: readonly SourceSample[];
}

/** The options of a run over blocks, and the blocks. */
function setup(options: Setup = {}): { readonly blocks: FakeBlocks; readonly run: RunSetup } {
  const { script, worker, list = samples, ...rest } = options;
  const blocks = new FakeBlocks(script);
  const spawner = scriptedSpawner(readingFrom(blocks, list, worker));
  return { blocks, run: { job: testJob(blockSource(list, blocks)), spawner, ...rest } };
}

function withLedger<T>(directory: string, read: (ledger: Ledger) => T): T {
  using ledger = Ledger.open(runPaths(directory).ledger);
  return read(ledger);
}

function failures(directory: string): Record<string, unknown>[] {
  const lines = Deno.readTextFileSync(join(directory, "failed.jsonl")).trimEnd().split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}

async function eventsOf(options: EngineOptions): Promise<string[]> {
  const events = await Array.fromAsync(runEngine(options));
  return events.map(({ type }) => type);
}

Deno.test("blocks are brought before their samples are leased, dropped after, and never too many", async () => {
  for (const [workers, maxBlocks] of [[1, 1], [2, 3], [5, 2]] as const) {
    using directory = temporaryDirectory();
    const { blocks, run } = setup({ workers, maxBlocks });
    const { summary, events } = await runOnce(directory.path, run);
    assert.deepEqual([summary.done, summary.quarantined], [60, 0]);
    assert.deepEqual(blocks.brought, ALL, "each once, in the order of the plan");
    assert.deepEqual(blocks.dropped.toSorted(), ALL.toSorted());
    assert.ok(blocks.most <= maxBlocks, `${blocks.most} blocks on the disk`);
    assert.equal(events.filter(({ type }) => type === "block").length, 12);
  }
});

Deno.test("samples of a sequential source are leased in the order of the plan, whatever their split", async () => {
  using directory = temporaryDirectory();
  const order: number[] = [];
  const { run } = setup({
    plan: { valRatio: 0.5, shardSize: 7 },
    worker: (index, worker) => {
      order.push(index);
      worker.answer(index);
    },
  });
  const { summary } = await runOnce(directory.path, run);
  assert.deepEqual(order, samples.map((_, index) => index));
  assert.ok(summary.splits.every(({ rows }) => rows > 10));
});

Deno.test("the bytes published do not depend on blocks, workers or their order", async () => {
  using quiet = temporaryDirectory();
  await runOnce(quiet.path, setup().run);
  using busy = temporaryDirectory();
  await runOnce(busy.path, setup({ workers: 4, maxBlocks: 2 }).run);
  assert.deepEqual(publishedBytes(busy.path), publishedBytes(quiet.path));
});

Deno.test("several blocks are brought at once, and a worker gets none before the first is here", async () => {
  using directory = temporaryDirectory();
  const first = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  let answered = 0;
  const { blocks, run } = setup({
    script: async (path) => {
      if (blocks.brought.length === 4) started.resolve();
      if (path === blockPath(0)) await first.promise;
    },
    worker: (index, worker) => {
      answered++;
      worker.answer(index);
    },
    maxBlocks: 4,
  });
  const running = runOnce(directory.path, run);
  await started.promise;
  assert.deepEqual([answered, blocks.brought], [0, ALL.slice(0, 4)]);
  first.resolve();
  assert.equal((await running).summary.done, 60);
});

Deno.test("a wait for a block is not taken for the end of the first samples", async () => {
  using directory = temporaryDirectory();
  const { run } = setup({
    list: deferredSamples([0, 1, 2, 3, 4, 5]),
    maxBlocks: 1,
    worker: (index, worker) => {
      const why = { reason: "model_error", detail: "no such input", retry: false } as const;
      worker.send({ type: "result", index, status: "failed", stage: "run", ...why });
    },
  });
  await assert.rejects(() => runOnce(directory.path, run), /the first samples all failed/);
});

Deno.test("a damaged block costs its own samples, each with the reason", async () => {
  using directory = temporaryDirectory();
  const { blocks, run } = setup({
    script: (path) => {
      if (path !== blockPath(3) && path !== blockPath(0)) return;
      throw new SampleError("corrupt_audio", `Cannot read '${path}': its digest is wrong`);
    },
    workers: 2,
  });
  const { summary } = await runOnce(directory.path, run);
  assert.deepEqual([summary.done, summary.reasons], [50, { corrupt_audio: 10 }]);
  const found = failures(directory.path);
  assert.deepEqual(
    found.map(({ id }) => id),
    [0, 3].flatMap((block) => samples.slice(5 * block, 5 * block + 5).map(({ id }) => id)),
  );
  assert.ok(found.every(({ stage, detail }) => stage === "prepare" && /digest/.test(`${detail}`)));
  assert.deepEqual([...blocks.onDisk], []);
});

Deno.test("a run of which every block is damaged comes to its end", async () => {
  using directory = temporaryDirectory();
  const { run } = setup({
    script: (path) => {
      throw new SampleError("corrupt_audio", `Cannot read '${path}'`);
    },
  });
  const { summary } = await runOnce(directory.path, run);
  assert.deepEqual([summary.finished, summary.quarantined], [true, 60]);
});

Deno.test("a block that cannot be brought now ends the session, keeps what is done, and resume goes on", async () => {
  using quiet = temporaryDirectory();
  await runOnce(quiet.path, setup().run);
  using directory = temporaryDirectory();
  const broken = setup({
    script: (path) => {
      if (path === blockPath(7)) throw new SpeechmillError("Cannot reach the Hub: no answer");
    },
  });
  await assert.rejects(() => runOnce(directory.path, broken.run), /Cannot reach the Hub/);
  const manifest = JSON.parse(Deno.readTextFileSync(join(directory.path, "manifest.json")));
  assert.equal(manifest.finished, false);
  const pending = withLedger(directory.path, (ledger) => {
    return ledger.all<{ n: number }>("SELECT COUNT(*) AS n FROM sample WHERE state = 0")[0]?.n ?? 0;
  });
  assert.ok(pending > 0 && pending <= 45, `${pending} are left`);

  const noted = withLedger(directory.path, (ledger) => {
    return ledger.all<{ path: string }>("SELECT path FROM block WHERE here = 1 ORDER BY n");
  });
  assert.deepEqual(noted.map(({ path }) => path), [...broken.blocks.onDisk]);

  const mended = setup();
  for (const path of broken.blocks.onDisk) mended.blocks.onDisk.add(path);
  const { summary } = await runOnce(directory.path, mended.run);
  assert.equal(summary.done, 60);
  assert.ok(!mended.blocks.brought.includes(blockPath(0)), "what is done is not brought again");
  assert.deepEqual([...mended.blocks.onDisk], []);
  assert.deepEqual(publishedBytes(directory.path), publishedBytes(quiet.path));
});

Deno.test("blocks that a killed session left are dropped, also by a run that has nothing else to do", async () => {
  using directory = temporaryDirectory();
  await runOnce(directory.path, setup().run);
  withLedger(directory.path, (ledger) => ledger.run("UPDATE block SET here = 1 WHERE n IN (2, 5)"));
  const { blocks, run } = setup();
  const left = [ALL[1] ?? "", ALL[4] ?? ""];
  left.forEach((path) => blocks.onDisk.add(path));
  await runOnce(directory.path, run);
  assert.deepEqual([blocks.brought, blocks.dropped], [[], left]);
});

Deno.test("a stop ends what is being brought, and the run with it", async () => {
  for (const heeds of [true, false]) {
    using directory = temporaryDirectory();
    const stop = new AbortController();
    const never = Promise.withResolvers<void>();
    const aborted = Promise.withResolvers<void>();
    const { run } = setup({
      signal: stop.signal,
      clock: steppingClock(),
      script: async (path, signal) => {
        if (path !== blockPath(2)) return;
        signal.addEventListener("abort", () => {
          aborted.resolve();
          if (heeds) never.reject(new Error("stopped"));
        });
        await never.promise;
      },
      worker: (index, worker) => {
        if (index !== 9) return worker.answer(index);
        // The batch in flight ends only after the bringing does.
        aborted.promise.then(() => worker.answer(index));
        stop.abort("a test asked for it");
      },
    });
    const types = await eventsOf(engineOptions(directory.path, run));
    assert.equal(types.at(-1), "finished");
    never.resolve();
    const { summary } = await runOnce(directory.path, setup().run);
    assert.equal(summary.done, 60);
  }
});

Deno.test("samples that kill their worker get their blocks again, with one place on the disk", async () => {
  using directory = temporaryDirectory();
  // Neighbours are in different blocks, so each must leave the disk and come back.
  const list = deferredSamples(Array.from({ length: 20 }, (_, i) => i % 4));
  const poisoned = new Set([3, 4, 13]);
  const { blocks, run } = setup({
    ...{ list, maxBlocks: 1, workers: 2, clock: steppingClock() },
    worker: (index, worker) =>
      poisoned.has(index) ? worker.die({ code: 139, signal: "SIGSEGV" }) : worker.answer(index),
  });
  const { summary } = await runOnce(directory.path, run);
  assert.deepEqual([summary.done, summary.reasons], [17, { worker_crashed: 3 }]);
  assert.equal(blocks.most, 1);
  assert.ok(blocks.brought.length > 4);
});

Deno.test("a failure that may pass is tried again with its block", async () => {
  using directory = temporaryDirectory();
  const tries = new Map<number, number>();
  const { run } = setup({
    maxBlocks: 1,
    worker: (index, worker) => {
      const count = (tries.get(index) ?? 0) + 1;
      tries.set(index, count);
      if (index % 5 !== 4 || count > 1) return worker.answer(index);
      const why = { reason: "out_of_memory", detail: "no room", retry: true } as const;
      worker.send({ type: "result", index, status: "failed", stage: "run", ...why });
    },
  });
  const { summary } = await runOnce(directory.path, run);
  assert.deepEqual([summary.done, summary.quarantined], [60, 0]);
});

Deno.test("blocks of several datasets are brought by the source that they belong to", async () => {
  using directory = temporaryDirectory();
  const [one, other] = [new FakeBlocks(), new FakeBlocks()];
  const lists = [deferredSamples(["a", "a", "b"]), deferredSamples(["x", "y", "y"])];
  const rename = (list: SourceSample[], name: string) =>
    list.map((sample) => ({ ...sample, id: `${name}-${sample.id}` }));
  const source = severalSources(
    [
      blockSource(rename(lists[0] ?? [], "one"), one),
      listSource(manySamples(4)),
      blockSource(rename(lists[1] ?? [], "other"), other),
    ].map((source) => ({ source, maxSamples: null })),
  );
  const { summary } = await runOnce(directory.path, { job: testJob(source), workers: 2 });
  assert.equal(summary.done, 10);
  assert.deepEqual([one.dropped, other.dropped], [
    [blockPath("a"), blockPath("b")],
    [blockPath("x"), blockPath("y")],
  ]);
});

Deno.test("a block that cannot be dropped is told, and does not end the run", async () => {
  using directory = temporaryDirectory();
  const { blocks, run } = setup();
  const drop = blocks.drop.bind(blocks);
  blocks.drop = async (path) => {
    await drop(path);
    if (path === blockPath(1)) throw new Error("the disk says no");
  };
  const { summary, events } = await runOnce(directory.path, run);
  assert.equal(summary.done, 60);
  const warnings = events.filter((event) => event.type === "warning");
  assert.match(warnings[0]?.message ?? "", /Cannot remove '\/blocks\/1.parquet'.*the disk says no/);
});
