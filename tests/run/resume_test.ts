import assert from "node:assert/strict";
import { join } from "node:path";
import { RunConflictError } from "../../lib/errors.ts";
import { isRun, lockRun, runPaths } from "../../lib/run/run_directory.ts";
import { Ledger } from "../../lib/run/ledger.ts";
import { runEngine } from "../../lib/run/engine.ts";
import { blockSource, deferredSamples, FakeBlocks } from "../support/fake_blocks.ts";
import { listSource, manySamples, sampleOf } from "../support/list_source.ts";
import { engineOptions, publishedBytes, runOnce, temporaryDirectory } from "../support/run_once.ts";
import { scriptedSpawner } from "../support/scripted_worker.ts";
import { testJob } from "../support/test_job.ts";

function conflict(...patterns: readonly RegExp[]): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof RunConflictError, String(error));
    for (const pattern of patterns) assert.match(error.message, pattern);
    return true;
  };
}

Deno.test("a changed setting is refused with its name and both values", async () => {
  using directory = temporaryDirectory();
  await runOnce(directory.path);
  await assert.rejects(
    () => runOnce(directory.path, { settings: { shard_size: 4, codec: "other" } }),
    conflict(/shard_size: planned with 3, now 4/, /codec: planned with nothing, now "other"/),
  );
});

Deno.test("a changed manifest is refused", async () => {
  using directory = temporaryDirectory();
  await runOnce(directory.path, { samples: manySamples(10) });
  const before = publishedBytes(directory.path);
  await assert.rejects(
    () => runOnce(directory.path, { samples: manySamples(11) }),
    conflict(/'\/list': the list of samples is not the one that was planned/),
  );
  assert.deepEqual(publishedBytes(directory.path), before);
});

Deno.test("a changed model is refused", async () => {
  using directory = temporaryDirectory();
  await runOnce(directory.path);
  const job = testJob(listSource(manySamples(10)));
  const other = { ...job, stage: { ...job.stage, modelDigest: "another" } };
  await assert.rejects(
    () => runOnce(directory.path, { job: other }),
    conflict(/model: planned with digest/),
  );
});

Deno.test("a changed, a rewritten and a removed audio file are refused, each by name", async () => {
  using directory = temporaryDirectory();
  const files = ["a", "b", "c", "d"].map((name) => join(directory.path, `${name}.wav`));
  files.forEach((file) => Deno.writeTextFileSync(file, "12345678"));
  const samples = files.map((audio, i) => sampleOf(`s${i}`, { audio }));
  const run = join(directory.path, "run");
  await runOnce(run, { samples });

  Deno.writeTextFileSync(files[0] ?? "", "123");
  Deno.utimeSync(files[1] ?? "", new Date(0), new Date(0));
  Deno.removeSync(files[2] ?? "");
  await assert.rejects(
    () => runOnce(run, { samples }),
    conflict(
      /'s0': .* had 8 bytes when it was planned, now 3/,
      /'s1': .* was written at/,
      /'s2': .* is gone/,
    ),
  );
});

Deno.test("a changed file of many samples is refused once, and a file that is not here yet is not missed", async () => {
  using directory = temporaryDirectory();
  const audio = join(directory.path, "shard.tar");
  Deno.writeTextFileSync(audio, "12345678");
  const part = { kind: "range", offset: 0, size: 4, name: null } as const;
  const samples = ["a", "b", "c"].map((id) => sampleOf(id, { audio, part }));
  const blocks = new FakeBlocks();
  const job = testJob(blockSource([...samples, ...deferredSamples([1])], blocks));
  const run = join(directory.path, "run");
  await runOnce(run, { job });
  await runOnce(run, { job });
  Deno.writeTextFileSync(audio, "123");
  await assert.rejects(
    () => runOnce(run, { job }),
    (error: unknown) =>
      error instanceof RunConflictError && error.differences.length === 1 &&
      /sample 'a': .*shard.tar' had 8 bytes/.test(error.differences[0] ?? ""),
  );
});

Deno.test("a second run in the same folder is refused while the first lives", async () => {
  using directory = temporaryDirectory();
  await runOnce(directory.path);
  using _lock = lockRun(runPaths(directory.path));
  await assert.rejects(
    () => runOnce(directory.path),
    conflict(/another process works in it \(process \d+ on /),
  );
});

Deno.test("a folder with data of something else is refused", async () => {
  using directory = temporaryDirectory();
  Deno.mkdirSync(join(directory.path, "data"));
  Deno.writeTextFileSync(join(directory.path, "data", "train.jsonl"), "{}\n");
  await assert.rejects(
    () => runOnce(directory.path),
    conflict(/'data' folder already holds files/),
  );
});

Deno.test("a plan that was interrupted is made anew", async () => {
  using directory = temporaryDirectory();
  const { ledger, logs } = runPaths(directory.path);
  Deno.mkdirSync(logs, { recursive: true });
  {
    using half = Ledger.create(ledger);
    half.run("INSERT INTO reject (place, detail) VALUES ('left over', '')");
  }
  const { summary } = await runOnce(directory.path);
  assert.deepEqual([summary.done, summary.rejected], [10, 0]);
});

Deno.test("a stop seals what is complete, and the next session goes on", async () => {
  using quiet = temporaryDirectory();
  const samples = manySamples(200);
  await runOnce(quiet.path, { samples });
  using directory = temporaryDirectory();
  const stop = new AbortController();
  let answered = 0;
  const spawner = scriptedSpawner((index, worker) => {
    if (++answered === 100) stop.abort("a test asked for it");
    worker.answer(index);
  });
  const options = engineOptions(directory.path, { samples, spawner, signal: stop.signal });
  const events = await Array.fromAsync(runEngine(options));

  const last = events.at(-1);
  assert.ok(last?.type === "finished" && !last.summary.finished);
  assert.ok(last.summary.done > 0 && last.summary.done < 200);
  const manifest = JSON.parse(Deno.readTextFileSync(join(directory.path, "manifest.json")));
  assert.equal(manifest.finished, false);
  await runOnce(directory.path, { samples });
  assert.deepEqual(publishedBytes(directory.path), publishedBytes(quiet.path));
});

Deno.test("a stop while planning leaves a run that is planned anew", async () => {
  using directory = temporaryDirectory();
  const signal = AbortSignal.abort("a test asked for it");
  const events = await Array.fromAsync(runEngine(engineOptions(directory.path, { signal })));
  const last = events.at(-1);
  assert.ok(last?.type === "finished" && !last.summary.finished);
  assert.ok(isRun(directory.path));
  const { summary } = await runOnce(directory.path);
  assert.equal(summary.done, 10);
});
