import assert from "node:assert/strict";
import { Wear } from "../../lib/run/wear.ts";
import { manySamples } from "../support/list_source.ts";
import { runOnce, temporaryDirectory } from "../support/run_once.ts";
import { scriptedSpawner, type WorkerScript } from "../support/scripted_worker.ts";

const GIB = 1024 ** 3;

Deno.test("Wear takes what a worker settles at for its size, however large its model", () => {
  const wear = new Wear();
  wear.measured(1 * GIB);
  wear.measured(9 * GIB);
  assert.equal(wear.isOut, false, "a model was loaded");
  for (let i = 0; i < 1000; i++) wear.answered();
  wear.measured(9 * GIB);
  wear.measured(10 * GIB);
  assert.equal(wear.isOut, false);
  wear.measured(10 * GIB + 1);
  assert.equal(wear.isOut, true);
});

Deno.test("a worker that has grown by a gigabyte is replaced, and no sample is blamed or lost", async () => {
  using directory = temporaryDirectory();
  const answers = new Map<number, number>();
  const beat = { type: "heartbeat", queued: 0, queued_seconds: 0, waiting: "nothing" } as const;
  const script: WorkerScript = (index, worker) => {
    const count = (answers.get(worker.start) ?? 0) + 1;
    answers.set(worker.start, count);
    worker.answer(index);
    if (count % 100 === 0) worker.send({ ...beat, resident: count < 1500 ? GIB : 3 * GIB });
  };
  // More than a worker is given ahead: 16,384.
  const samples = manySamples(30_000);
  const { summary, events } = await runOnce(directory.path, {
    samples,
    plan: { shardSize: 10_000 },
    spawner: scriptedSpawner(script),
  });
  assert.deepEqual([summary.done, summary.quarantined], [samples.length, 0]);
  assert.ok(answers.size > 1, "a second worker took part");
  assert.ok(!events.some(({ type }) => type === "worker_exited"), "its end is no death");
});
