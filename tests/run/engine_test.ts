import assert from "node:assert/strict";
import { join } from "node:path";
import { UsageError } from "../../lib/errors.ts";
import { runEngine } from "../../lib/run/engine.ts";
import { manySamples, sampleOf } from "../support/list_source.ts";
import {
  engineOptions,
  publishedBytes,
  publishedRows,
  runOnce,
  temporaryDirectory,
} from "../support/run_once.ts";

Deno.test("runEngine() publishes every sample once, in the order of the plan", async () => {
  using directory = temporaryDirectory();
  const { summary } = await runOnce(directory.path, { samples: manySamples(100), workers: 3 });

  const rows = await publishedRows(directory.path);
  assert.equal(rows.length, 100);
  assert.equal(new Set(rows.map((row) => row["id"])).size, 100);
  assert.deepEqual({ finished: summary.finished, done: summary.done }, {
    finished: true,
    done: 100,
  });
  const train = rows.filter((_, i) => i < rows.length - summary.splits[1]!.rows).map((row) =>
    String(row["id"])
  );
  assert.deepEqual(train, [...train].sort());
});

Deno.test("runEngine() gives the same bytes with 1, 2 and 5 workers", async () => {
  const outcomes: Record<string, string>[] = [];
  for (const workers of [1, 2, 5]) {
    using directory = temporaryDirectory();
    await runOnce(directory.path, { samples: manySamples(60), workers });
    outcomes.push(publishedBytes(directory.path));
  }
  assert.deepEqual(outcomes[1], outcomes[0]);
  assert.deepEqual(outcomes[2], outcomes[0]);
});

Deno.test("runEngine() refuses a duplicate id and names both places", async () => {
  using directory = temporaryDirectory();
  const samples = [sampleOf("a"), sampleOf("b"), sampleOf("a", { place: "list:again" })];
  await assert.rejects(
    () => runOnce(directory.path, { samples }),
    (error: unknown) =>
      error instanceof UsageError && /'a' stands at 'list:a' and 'list:again'/.test(error.message),
  );
  // Mended, the same folder takes the run.
  const { summary } = await runOnce(directory.path, { samples: samples.slice(0, 2) });
  assert.equal(summary.done, 2);
});

Deno.test("runEngine() on a finished run changes nothing", async () => {
  using directory = temporaryDirectory();
  await runOnce(directory.path);
  const before = publishedBytes(directory.path);
  const { events } = await runOnce(directory.path);
  assert.deepEqual(publishedBytes(directory.path), before);
  assert.ok(!events.some(({ type }) => type === "worker_started"));
});

Deno.test("runEngine() stops when its iteration is left, and goes on when run again", async () => {
  using directory = temporaryDirectory();
  const options = engineOptions(directory.path, { samples: manySamples(50) });
  for await (const event of runEngine(options)) if (event.type === "worker_ready") break;

  const { summary } = await runOnce(directory.path, { samples: manySamples(50) });
  assert.equal(summary.done, 50);
  assert.equal((await publishedRows(directory.path)).length, 50);
});

Deno.test("runEngine() leaves no temporary file behind", async () => {
  using directory = temporaryDirectory();
  Deno.mkdirSync(join(directory.path, ".speechmill"), { recursive: true });
  await runOnce(directory.path);
  const names = [
    ...Deno.readDirSync(directory.path),
    ...Deno.readDirSync(join(directory.path, "data")),
  ];
  assert.deepEqual(names.filter(({ name }) => name.endsWith(".tmp")), []);
});
