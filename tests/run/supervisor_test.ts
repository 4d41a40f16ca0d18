import assert from "node:assert/strict";
import { SpeechmillError } from "../../lib/errors.ts";
import type { WorkerSpawner } from "../../lib/run/worker_process.ts";
import { manySamples } from "../support/list_source.ts";
import { publishedRows, runOnce, temporaryDirectory } from "../support/run_once.ts";
import { answerAll, scriptedSpawner } from "../support/scripted_worker.ts";
import { steppingClock } from "../support/stepping_clock.ts";

const samples = manySamples(20);
const milliseconds = { prepare: 0, run: 0 };

Deno.test("a worker that cannot be spawned ends the run, and the other workers with it", async () => {
  using directory = temporaryDirectory();
  const healthy = scriptedSpawner(() => {/* It never answers. */});
  let ended = false;
  const spawner: WorkerSpawner = {
    spawn(name, device) {
      if (name === "cpu:1") throw new Error("Cannot start a process: too many of them");
      const worker = healthy.spawn(name, device);
      worker.exited.then(() => ended = true);
      return worker;
    },
  };
  await assert.rejects(
    () => runOnce(directory.path, { samples, spawner, workers: 2 }),
    /too many of them/,
  );
  assert.ok(ended, "the other worker is still there");
  const { summary } = await runOnce(directory.path, { samples });
  assert.equal(summary.done, 20);
});

Deno.test("a device that answers nonsense from the first sample on ends the run, and nothing is lost to it", async () => {
  using directory = temporaryDirectory();
  const spawner = scriptedSpawner((index, worker) => {
    const output: Record<string, unknown> = { wrong: true };
    worker.send({ type: "result", index, status: "ok", output, seconds: 1, milliseconds });
  });
  await assert.rejects(
    () => runOnce(directory.path, { samples, spawner, workers: 2 }),
    (error) =>
      error instanceof SpeechmillError && /failed in the model: .*it is wrong/.test(error.message),
  );
  const { summary } = await runOnce(directory.path, { samples });
  assert.deepEqual([summary.done, summary.quarantined], [20, 0]);
});

Deno.test("a worker that ignores the stop at the end is ended by its deadline", async () => {
  using directory = temporaryDirectory();
  const inner = scriptedSpawner(answerAll);
  const spawner: WorkerSpawner = {
    spawn(name, device) {
      const worker = inner.spawn(name, device);
      const { lines, exited, pid } = worker;
      return {
        ...{ lines, exited, pid, kill: () => worker.kill(), logTail: () => worker.logTail() },
        send: (line) => line.includes('"stop"') ? undefined : worker.send(line),
      };
    },
  };
  const { summary } = await runOnce(directory.path, { samples, spawner, clock: steppingClock() });
  assert.equal(summary.done, 20);
});

Deno.test("runs of nothing, of one sample and of failures alone come to their end", async () => {
  for (const [count, done] of [[0, 0], [1, 1]] as const) {
    using directory = temporaryDirectory();
    const { summary } = await runOnce(directory.path, { samples: manySamples(count), workers: 3 });
    assert.deepEqual([summary.finished, summary.done], [true, done]);
  }
  using directory = temporaryDirectory();
  const spawner = scriptedSpawner((index, worker) =>
    worker.send({
      ...{ type: "result", index, status: "failed", stage: "prepare", reason: "not_audio" },
      ...{ detail: "no", retry: false },
    })
  );
  const { summary } = await runOnce(directory.path, { samples, spawner, workers: 2 });
  assert.deepEqual([summary.finished, summary.done, summary.quarantined], [true, 0, 20]);
  assert.equal(summary.shardsSealed, summary.shards);
  assert.equal(summary.bytes, 0);
  assert.deepEqual(await publishedRows(directory.path), []);
});

Deno.test("two samples that both fail in the model are quarantined: nothing is left to prove it wrong", async () => {
  using directory = temporaryDirectory();
  const spawner = scriptedSpawner((index, worker) =>
    worker.send({
      ...{ type: "result", index, status: "failed", stage: "run", reason: "model_error" },
      ...{ detail: "no", retry: false },
    })
  );
  const { summary } = await runOnce(directory.path, { samples: manySamples(2), spawner });
  assert.deepEqual([summary.finished, summary.reasons], [true, { model_error: 2 }]);
});

Deno.test("samples filtered by their worker are neither rows nor failures", async () => {
  using directory = temporaryDirectory();
  const spawner = scriptedSpawner((index, worker) => {
    if (index % 2 === 0) return worker.answer(index);
    worker.send({ type: "result", index, status: "filtered", reason: "too_long", seconds: 99 });
  });
  const { summary } = await runOnce(directory.path, { samples, spawner });
  assert.deepEqual([summary.done, summary.filtered, summary.quarantined], [10, 10, 0]);
  assert.deepEqual(summary.filters, { too_long: 10 });
  assert.equal((await publishedRows(directory.path)).length, 10);
});
