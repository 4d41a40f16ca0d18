import assert from "node:assert/strict";
import { DeviceError, SpeechmillError } from "../../lib/errors.ts";
import type { RunEvent } from "../../lib/run/events.ts";
import { manySamples } from "../support/list_source.ts";
import { publishedBytes, publishedRows, runOnce, temporaryDirectory } from "../support/run_once.ts";
import {
  answerAll,
  greet,
  scriptedSpawner,
  type WorkerControl,
  type WorkerScript,
} from "../support/scripted_worker.ts";
import { steppingClock } from "../support/stepping_clock.ts";

const samples = manySamples(40);

function failures(directory: string): Record<string, unknown>[] {
  const text = Deno.readTextFileSync(`${directory}/failed.jsonl`);
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** Dies by a signal whenever it comes to this sample. */
function poisonedBy(index: number, signal: string): WorkerScript {
  return (at, worker) => at === index ? worker.die({ code: 139, signal }) : worker.answer(at);
}

function countEvents(events: readonly RunEvent[], type: RunEvent["type"]): number {
  return events.filter((event) => event.type === type).length;
}

Deno.test("a native crash is bisected to its sample, and costs that sample alone", async () => {
  using directory = temporaryDirectory();
  const spawner = scriptedSpawner(poisonedBy(17, "SIGSEGV"));
  const { summary } = await runOnce(directory.path, { samples, spawner, workers: 2 });

  assert.deepEqual({ done: summary.done, quarantined: summary.quarantined }, {
    done: 39,
    quarantined: 1,
  });
  const [failure] = failures(directory.path);
  assert.equal(failure?.["id"], "s0017");
  assert.equal(failure?.["reason"], "worker_crashed");
  assert.match(String(failure?.["detail"]), /killed by SIGSEGV, 3 times/);
  assert.equal(failure?.["attempts"], 3);
  assert.equal((await publishedRows(directory.path)).length, 39);
});

Deno.test("a crash on the very first sample does not end the run", async () => {
  using directory = temporaryDirectory();
  const { summary } = await runOnce(directory.path, {
    samples,
    spawner: scriptedSpawner(poisonedBy(0, "SIGABRT")),
    workers: 2,
  });
  assert.deepEqual({ done: summary.done, quarantined: summary.quarantined }, {
    done: 39,
    quarantined: 1,
  });
});

Deno.test("many crashing samples side by side cost themselves alone, not the only device", async () => {
  using directory = temporaryDirectory();
  const spawner = scriptedSpawner((at, worker) =>
    at >= 12 && at < 36 ? worker.die({ code: 139, signal: "SIGSEGV" }) : worker.answer(at)
  );
  const { summary } = await runOnce(directory.path, { samples: manySamples(300), spawner });
  assert.deepEqual([summary.done, summary.reasons], [276, { worker_crashed: 24 }]);
});

Deno.test("workers killed from outside cost nothing", async () => {
  using quiet = temporaryDirectory();
  await runOnce(quiet.path, { samples });
  using directory = temporaryDirectory();
  let kills = 6;
  const spawner = scriptedSpawner((index, worker) => {
    if (index % 7 === 3 && kills-- > 0) worker.kill();
    else worker.answer(index);
  });
  const { summary } = await runOnce(directory.path, { samples, spawner, workers: 2 });
  assert.equal(summary.quarantined, 0);
  assert.deepEqual(publishedBytes(directory.path), publishedBytes(quiet.path));
});

Deno.test("a worker that hangs on a sample is ended by its deadline, and the sample found", async () => {
  using directory = temporaryDirectory();
  const spawner = scriptedSpawner((index, worker) => {
    if (index !== 5) worker.answer(index);
  });
  const clock = steppingClock();
  const { summary, events } = await runOnce(directory.path, {
    samples,
    spawner,
    clock,
    stallSeconds: 5,
  });
  assert.deepEqual({ done: summary.done, quarantined: summary.quarantined }, {
    done: 39,
    quarantined: 1,
  });
  const [failure] = failures(directory.path);
  assert.deepEqual([failure?.["id"], failure?.["reason"]], ["s0005", "worker_stalled"]);
  const exits = events.filter((event) => event.type === "worker_exited");
  assert.ok(exits.every(({ cause }) => /answered nothing for \d+ s/.test(cause)));
});

Deno.test("a worker that prints garbage is replaced, and no row is lost or doubled", async () => {
  using directory = temporaryDirectory();
  const spawner = scriptedSpawner((index, worker) => {
    if (index % 5 === 2 && worker.start <= 3) worker.print(`{"type":"resu`);
    else worker.answer(index);
  });
  const { summary, events } = await runOnce(directory.path, { samples, spawner });
  assert.equal(summary.done, 40);
  assert.equal((await publishedRows(directory.path)).length, 40);
  const exits = events.filter((event) => event.type === "worker_exited");
  assert.equal(exits.length, 3);
  assert.match(exits[0]?.cause ?? "", /broke the protocol: Cannot read a protocol line: not JSON/);
});

Deno.test("an answer given twice is recorded once", async () => {
  using directory = temporaryDirectory();
  const spawner = scriptedSpawner((index, worker) => {
    worker.answer(index);
    worker.answer(index);
  });
  const { summary, events } = await runOnce(directory.path, { samples, spawner, workers: 2 });
  assert.equal(summary.done, 40);
  assert.equal((await publishedRows(directory.path)).length, 40);
  assert.ok(countEvents(events, "warning") > 0);
});

Deno.test("an answer that fails the stage's check is quarantined as bad output", async () => {
  using directory = temporaryDirectory();
  const milliseconds = { prepare: 0, run: 0 };
  const spawner = scriptedSpawner((index, worker) => {
    const output: Record<string, unknown> = index === 8 ? { wrong: true } : {};
    worker.send({ type: "result", index, status: "ok", output, seconds: 1, milliseconds });
  });
  const { summary } = await runOnce(directory.path, { samples, spawner });
  assert.deepEqual(summary.reasons, { bad_output: 1 });
  assert.equal(summary.done, 39);
});

Deno.test("a failure that may pass is tried again, up to maxRetries, then quarantined", async () => {
  using directory = temporaryDirectory();
  const tries = new Map<number, number>();
  const spawner = scriptedSpawner((index, worker) => {
    const count = (tries.get(index) ?? 0) + 1;
    tries.set(index, count);
    const fails = index === 11 || (index === 12 && count < 3);
    if (!fails) return worker.answer(index);
    const failure = {
      stage: "run",
      reason: "out_of_memory",
      detail: "no room",
      retry: true,
    } as const;
    worker.send({ type: "result", index, status: "failed", ...failure });
  });
  const { summary } = await runOnce(directory.path, { samples, spawner });
  assert.deepEqual(summary.reasons, { out_of_memory: 1 });
  assert.deepEqual([tries.get(11), tries.get(12)], [3, 3]);
  assert.equal(failures(directory.path)[0]?.["attempts"], 3);
});

Deno.test("a device whose worker never starts is given up with its log, and the run says how to go on", async () => {
  using directory = temporaryDirectory();
  const broken = (worker: WorkerControl) => worker.die({ code: 1, signal: null });
  const spawner = scriptedSpawner(answerAll, broken);
  const clock = steppingClock();
  await assert.rejects(
    () => runOnce(directory.path, { samples, spawner, clock }),
    (error: unknown) =>
      error instanceof DeviceError && /ended with code 1/.test(error.message) &&
      /log of cpu:0, start 3/.test(error.message) && /resume/.test(error.message),
  );
  const { summary } = await runOnce(directory.path, { samples });
  assert.equal(summary.done, 40);
});

Deno.test("a device that fails leaves its samples to the others", async () => {
  using directory = temporaryDirectory();
  const spawner = scriptedSpawner(answerAll, (worker) => {
    if (worker.name === "cpu:1") worker.die({ code: 1, signal: null });
    else greet(worker);
  });
  // The healthy worker waits for the sick one to be given up, so that both are seen.
  const clock = steppingClock();
  const { summary } = await runOnce(directory.path, { samples, spawner, clock, workers: 2 });
  assert.equal(summary.done, 40);
});

Deno.test("a model that fails every sample ends the run before anything is held against a sample", async () => {
  using directory = temporaryDirectory();
  const failure = {
    stage: "run",
    reason: "model_error",
    detail: "no such input",
    retry: false,
  } as const;
  const spawner = scriptedSpawner((index, worker) =>
    worker.send({ type: "result", index, status: "failed", ...failure })
  );
  await assert.rejects(
    () => runOnce(directory.path, { samples, spawner, workers: 2 }),
    (error: unknown) =>
      error instanceof SpeechmillError && /failed in the model: no such input/.test(error.message),
  );
  const { summary } = await runOnce(directory.path, { samples });
  assert.deepEqual([summary.done, summary.quarantined], [40, 0]);
});

Deno.test("a worker with another model than the plan's is refused", async () => {
  using directory = temporaryDirectory();
  const spawner = scriptedSpawner(
    answerAll,
    (worker) =>
      worker.send({
        type: "ready",
        device: "cpu",
        provider: "cpu",
        memory: null,
        model: "another",
      }),
  );
  await assert.rejects(
    () => runOnce(directory.path, { samples, spawner }),
    /digest another, the run was planned with/,
  );
});
