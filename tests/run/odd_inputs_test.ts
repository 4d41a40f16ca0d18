/** What users bring: odd ids, no samples, one sample, all of one split. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { UsageError } from "../../lib/errors.ts";
import type { SourceItem } from "../../lib/sources/source.ts";
import { listSource, manySamples, sampleOf } from "../support/list_source.ts";
import { publishedRows, runOnce, temporaryDirectory } from "../support/run_once.ts";
import { scriptedSpawner } from "../support/scripted_worker.ts";
import { testJob } from "../support/test_job.ts";

const ODD_IDS = [
  ...["../../x", "/etc/passwd", "..", ".", "a/b\\c", "x".repeat(300), "🎙️", "ünï", " ", "\n"],
  ...["12", "1e3", "null", "CON", "a\u202eb", "'; DROP TABLE sample; --", "%00", "$(id)", "-rf"],
];

/** Every path below a folder, the run's own apart. */
function pathsBelow(folder: string, run: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = join(folder, name);
    return path === run ? [] : isDirectory ? [path, ...pathsBelow(path, run)] : [path];
  });
}

Deno.test("any id comes back as it was, and nothing is written outside the run directory", async () => {
  using parent = temporaryDirectory();
  const run = join(parent.path, "deep", "er", "run");
  Deno.mkdirSync(join(parent.path, "deep", "er"), { recursive: true });
  const before = pathsBelow(parent.path, run);
  const spawner = scriptedSpawner((index, worker) => {
    if (index % 3 !== 2) return worker.answer(index);
    const why = { stage: "run", reason: "model_error", detail: "no", retry: false } as const;
    worker.send({ type: "result", index, status: "failed", ...why });
  });
  await runOnce(run, { samples: ODD_IDS.map((id) => sampleOf(id)), spawner, workers: 2 });

  const rows = (await publishedRows(run)).map(({ id }) => String(id));
  const failed = Deno.readTextFileSync(join(run, "failed.jsonl")).trimEnd().split("\n");
  const found = [...rows, ...failed.map((line) => String(JSON.parse(line).id))];
  assert.deepEqual(found.toSorted(), ODD_IDS.toSorted());
  assert.deepEqual(pathsBelow(parent.path, run), before);
  const names = [...Deno.readDirSync(run)].map(({ name }) => name).toSorted();
  assert.deepEqual(names, [
    ...[".speechmill", "README.md", "data", "failed.jsonl", "manifest.json", "stats.json"],
  ]);
  for (const { name } of Deno.readDirSync(join(run, "data"))) {
    assert.match(name, /^(train|validation)-\d{5}-of-\d{5}\.jsonl\.gz$/);
  }
});

Deno.test("two samples with one odd id are refused, with both places", async () => {
  using directory = temporaryDirectory();
  const samples = [sampleOf("🎙️", { place: "m:1" }), sampleOf("🎙️", { place: "m:9" })];
  await assert.rejects(
    () => runOnce(directory.path, { samples }),
    (error) => error instanceof UsageError && /'🎙️' stands at 'm:1' and 'm:9'/.test(error.message),
  );
});

Deno.test("max_samples of none, one, or more than there are", async () => {
  for (const [maxSamples, expected] of [[0, 0], [1, 1], [99, 5]] as const) {
    using directory = temporaryDirectory();
    const { summary } = await runOnce(directory.path, {
      samples: manySamples(5),
      plan: { maxSamples },
    });
    assert.deepEqual([summary.finished, summary.samples, summary.done], [true, expected, expected]);
    assert.equal((await publishedRows(directory.path)).length, expected);
    const manifest = JSON.parse(Deno.readTextFileSync(join(directory.path, "manifest.json")));
    assert.deepEqual([manifest.finished, manifest.samples.planned], [true, expected]);
  }
});

Deno.test("a val_ratio of 0 or 1 makes one split, and no file for the other", async () => {
  for (const [valRatio, name] of [[0, "train"], [1, "validation"]] as const) {
    using directory = temporaryDirectory();
    const { summary } = await runOnce(directory.path, {
      samples: manySamples(4),
      plan: { valRatio },
    });
    assert.deepEqual(summary.splits, [{ name, planned: 4, rows: 4 }]);
    const files = [...Deno.readDirSync(join(directory.path, "data"))].map((file) => file.name);
    assert.ok(files.every((file) => file.startsWith(name)), files.join());
  }
});

Deno.test("a shard_size of 1 makes one file a sample", async () => {
  using directory = temporaryDirectory();
  const plan = { shardSize: 1, valRatio: 0 };
  const { summary } = await runOnce(directory.path, { samples: manySamples(7), plan, workers: 2 });
  assert.equal(summary.shards, 7);
  const rows = await publishedRows(directory.path);
  assert.deepEqual(rows.map(({ id }) => id), manySamples(7).map(({ id }) => id));
});

Deno.test("an input of broken lines alone is a finished run that says what is wrong with each", async () => {
  using directory = temporaryDirectory();
  const rejects = [1, 2].map((n): SourceItem => (
    { kind: "reject", id: n === 1 ? "half" : null, place: `m.jsonl:${n}`, detail: `bad ${n}` }
  ));
  const { summary } = await runOnce(directory.path, { job: testJob(listSource(rejects)) });
  assert.deepEqual([summary.finished, summary.samples, summary.quarantined], [true, 0, 2]);
  assert.deepEqual(summary.reasons, { malformed_line: 2 });
  const lines = Deno.readTextFileSync(join(directory.path, "failed.jsonl")).trimEnd().split("\n");
  assert.deepEqual(lines.map((line) => JSON.parse(line)), [
    {
      ...{ id: "half", place: "m.jsonl:1", audio: null, stage: "plan" },
      ...{ reason: "malformed_line", detail: "bad 1", attempts: 1 },
    },
    {
      ...{ id: null, place: "m.jsonl:2", audio: null, stage: "plan" },
      ...{ reason: "malformed_line", detail: "bad 2", attempts: 1 },
    },
  ]);
});

Deno.test("a run whose every file is missing ends without a worker", async () => {
  using directory = temporaryDirectory();
  const samples = manySamples(4).map((sample) => ({ ...sample, audio: `/no/such/${sample.id}` }));
  const { summary, events } = await runOnce(directory.path, { samples });
  assert.deepEqual([summary.finished, summary.quarantined], [true, 4]);
  assert.deepEqual(summary.shardsSealed, summary.shards);
  assert.ok(!events.some(({ type }) => type === "worker_started"));
});
