import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { UsageError } from "../../lib/errors.ts";
import fc from "../../lib/npm/fast_check.ts";
import { Ledger } from "../../lib/run/ledger.ts";
import { isPlanned, type PlanOptions, planRun } from "../../lib/run/plan.ts";
import { STATE } from "../../lib/run/schema.ts";
import { summarize } from "../../lib/run/summary.ts";
import type { SourceItem, SourceSample } from "../../lib/sources/source.ts";
import { splitOf } from "../../lib/split.ts";
import { blockPath, deferredSamples } from "../support/fake_blocks.ts";
import { listSource, manySamples, sampleOf } from "../support/list_source.ts";
import { temporaryDirectory } from "../support/run_once.ts";

const CLIP = resolve("tests/data/formats/clip.flac");

const OPTIONS: PlanOptions = {
  ...{ valRatio: 0, splitBy: "id", shardSize: 3, maxSamples: null },
  ...{ minSeconds: null, maxSeconds: null, lengthOf: (seconds) => Math.ceil(seconds) },
};

interface PlannedRow {
  readonly idx: number;
  readonly id: string;
  readonly split: number;
  readonly position: number;
  readonly shard: number;
  readonly state: number;
  readonly duration: number | null;
  readonly length: number;
}

interface Planned extends Disposable {
  readonly ledger: Ledger;
  readonly rows: readonly PlannedRow[];
}

async function plan(
  items: readonly (SourceSample | SourceItem)[],
  options: Partial<PlanOptions> = {},
): Promise<Planned> {
  const ledger = Ledger.create(":memory:");
  try {
    await planRun(ledger, listSource(items), { ...OPTIONS, ...options });
  } catch (error) {
    ledger[Symbol.dispose]();
    throw error;
  }
  const rows = ledger.all<PlannedRow>("SELECT * FROM sample ORDER BY idx");
  return { ledger, rows, [Symbol.dispose]: () => ledger[Symbol.dispose]() };
}

function failures(ledger: Ledger): Record<string, unknown>[] {
  return ledger.all(
    "SELECT id, stage, reason, detail FROM failure JOIN sample USING (idx) ORDER BY idx",
  );
}

Deno.test("planRun() throws for an id that occurs twice, and says how rows get ids of their own", async () => {
  const twice = (of: (row: number) => string) =>
    [0, 1].map((row) => sampleOf("a", { place: of(row) }));
  await assert.rejects(
    plan(twice((row) => `north/a.parquet row ${row}`)),
    (error) => error instanceof UsageError && / or number the rows with .*id=$/.test(error.message),
  );
  await assert.rejects(
    plan(twice((row) => `list.jsonl:${row}`)),
    (error) => error instanceof UsageError && error.message.endsWith("an id of its own"),
  );
});

Deno.test("planRun() gives each sample its index, its position in its split, and its shard", async () => {
  const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: 40 });
  const settings = fc.record({
    valRatio: fc.constantFrom(0, 0.3, 0.5, 1),
    shardSize: fc.integer({ min: 1, max: 7 }),
    maxSamples: fc.option(fc.integer({ min: 0, max: 50 })),
  });
  await fc.assert(
    fc.asyncProperty(ids, settings, async (ids, settings) => {
      using planned = await plan(ids.map((id) => sampleOf(id)), settings);
      const { valRatio, shardSize, maxSamples } = settings;
      const taken = ids.slice(0, maxSamples ?? ids.length);
      const positions = [0, 0];
      const expected = taken.map((id, idx) => {
        const split = splitOf(id, valRatio) === "train" ? 0 : 1;
        const position = positions[split]!++;
        return { idx, id, split, position, shard: Math.floor(position / shardSize) };
      });
      const found = planned.rows.map(({ idx, id, split, position, shard }) => (
        { idx, id, split, position, shard: shard % 1_000_000_000 }
      ));
      assert.deepEqual(found, expected);
      const shards = planned.ledger.all<{ split: number; planned: number }>("SELECT * FROM shard");
      assert.equal(shards.length, positions.reduce((n, p) => n + Math.ceil(p / shardSize), 0));
      assert.equal(shards.reduce((sum, shard) => sum + shard.planned, 0), taken.length);
    }),
    { numRuns: 40 },
  );
});

Deno.test("planRun() is the same however often it is made", async () => {
  const samples = manySamples(30);
  using one = await plan(samples, { valRatio: 0.4 });
  using two = await plan(samples, { valRatio: 0.4 });
  assert.deepEqual(two.rows, one.rows);
});

Deno.test("planRun() plans nothing from nothing, and says that it is planned", async () => {
  for (const [items, options] of [[[], {}], [manySamples(5), { maxSamples: 0 }]] as const) {
    using planned = await plan(items, options);
    assert.deepEqual([planned.rows.length, isPlanned(planned.ledger)], [0, true]);
  }
});

Deno.test("planRun() filters by a duration that is known, and leaves others to their worker", async () => {
  const samples = [
    sampleOf("short", { duration: 0.4 }),
    sampleOf("fits", { duration: 0.5 }),
    sampleOf("long", { duration: 2.5 }),
    sampleOf("unknown", { duration: null }),
    sampleOf("segment", { duration: 60, start: 10, end: 10.2 }),
    sampleOf("probed", { duration: null, audio: CLIP }),
  ];
  using planned = await plan(samples, { minSeconds: 0.5, maxSeconds: 1.5 });
  const reasons = planned.ledger.all(
    "SELECT id, reason FROM filtered JOIN sample USING (idx) ORDER BY idx",
  );
  const { duration } = planned.rows[5]!;
  assert.ok(duration !== null && duration > 1.5, "the header tells how long the clip is");
  assert.deepEqual(reasons.map(({ id, reason }) => [id, reason]), [
    ["short", "too_short"],
    ["long", "too_long"],
    ["segment", "too_short"],
    ["probed", "too_long"],
  ]);
  assert.deepEqual(planned.rows.map(({ state }) => state), [
    ...[STATE.filtered, STATE.pending, STATE.filtered],
    ...[STATE.pending, STATE.filtered, STATE.filtered],
  ]);
});

Deno.test("planRun() knows the padded length of what it knows the duration of", async () => {
  using planned = await plan([
    sampleOf("a", { duration: 1.2 }),
    sampleOf("b", { duration: null }),
    sampleOf("c", { duration: 9, start: 4 }),
    sampleOf("d", { duration: null, audio: CLIP, start: 1 }),
  ]);
  assert.deepEqual(planned.rows.slice(0, 3).map(({ length }) => length), [2, 0, 9]);
  using whole = await plan([sampleOf("d", { duration: null, audio: CLIP })]);
  const seconds = (planned: Planned, i: number) => planned.rows[i]?.duration ?? 0;
  assert.ok(Math.abs(seconds(planned, 3) - (seconds(whole, 0) - 1)) < 1e-9);
});

Deno.test("planRun() quarantines what is no file, each with its path and its place", async () => {
  using directory = temporaryDirectory();
  const loop = join(directory.path, "loop");
  Deno.symlinkSync(loop, loop);
  const paths = {
    missing: join(directory.path, "missing.wav"),
    folder: directory.path,
    beneath: join(CLIP, "clip.wav"),
    endless: loop,
    overlong: join(directory.path, "x".repeat(300)),
  };
  const samples = Object.entries(paths).map(([id, audio]) => sampleOf(id, { audio }));
  using planned = await plan([...samples, sampleOf("sound", { audio: CLIP })]);
  const found = failures(planned.ledger);
  assert.deepEqual(found.map(({ id }) => id), Object.keys(paths));
  for (const { id, stage, reason, detail } of found) {
    assert.deepEqual([stage, reason], ["plan", "missing_file"]);
    const { audio, place } = samples.find((sample) => sample.id === id)!;
    assert.ok(String(detail).includes(`'${audio}', named at '${place}'`), String(detail));
  }
  assert.equal(planned.rows.at(-1)?.state, STATE.pending);
});

Deno.test("planRun() looks at a file of many samples once, and at none of their headers", async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "shard.tar");
  Deno.copyFileSync(CLIP, path);
  const part = { kind: "range", offset: 0, size: 9, name: "a.flac" } as const;
  const unknown = { audio: path, part, duration: null };
  async function* list(): AsyncGenerator<SourceItem> {
    yield { kind: "sample", sample: sampleOf("a", unknown) };
    Deno.removeSync(path);
    yield { kind: "sample", sample: sampleOf("b", { ...unknown, duration: 7 }) };
    yield { kind: "sample", sample: sampleOf("c", { ...unknown, start: 1, end: 3 }) };
    await Promise.resolve();
  }
  const { size } = Deno.statSync(path);
  using ledger = Ledger.create(":memory:");
  await planRun(ledger, { ...listSource([]), list }, OPTIONS);
  const rows = ledger.all("SELECT size, mtime > 0 AS timed, duration, state, part FROM sample");
  const same = { size, timed: 1, state: STATE.pending, part: JSON.stringify(part) };
  assert.deepEqual(rows.map((row) => ({ ...row })), [
    { ...same, duration: null },
    { ...same, duration: 7 },
    { ...same, duration: 2 },
  ]);
});

Deno.test("planRun() quarantines every sample of a file that is not there", async () => {
  const part = { kind: "parquet", row: 0, column: "audio" } as const;
  const samples = ["a", "b"].map((id) => sampleOf(id, { audio: "/none/x.parquet", part }));
  using planned = await plan(samples);
  assert.deepEqual(failures(planned.ledger).map(({ detail }) => detail), [
    "Cannot find '/none/x.parquet', named at 'list:a'",
    "Cannot find '/none/x.parquet', named at 'list:b'",
  ]);
});

Deno.test("planRun() does not look for files that are brought later, and notes them as blocks", async () => {
  const samples = deferredSamples(["a", "a", "b", "a"]).map((sample) => ({ ...sample, origin: 2 }));
  using planned = await plan([sampleOf("first"), ...samples]);
  assert.ok(planned.rows.every(({ state }) => state === STATE.pending));
  const sizes = planned.ledger.all("SELECT DISTINCT size, mtime FROM sample");
  assert.deepEqual(sizes.map((row) => ({ ...row })), [{ size: null, mtime: null }]);
  const blocks = planned.ledger.all("SELECT * FROM block ORDER BY n").map((row) => ({ ...row }));
  assert.deepEqual(blocks, [
    { n: 1, path: blockPath("a"), origin: 2, first: 1, last: 4, here: 0 },
    { n: 2, path: blockPath("b"), origin: 2, first: 3, last: 3, here: 0 },
  ]);
});

Deno.test("planRun() counts the rows that a column filter leaves out", async () => {
  const items: SourceItem[] = [{ kind: "excluded", count: 3 }, { kind: "excluded", count: 1000 }];
  using planned = await plan([...items, sampleOf("a")]);
  const { excluded, samples, rejected } = summarize(planned.ledger);
  assert.deepEqual([excluded, samples, rejected], [1003, 1, 0]);
});

Deno.test("planRun() throws where column filters leave nothing at all", async () => {
  const excluded: SourceItem = { kind: "excluded", count: 1000 };
  await assert.rejects(
    plan([excluded, { ...excluded, count: 7 }]),
    new UsageError("Cannot plan a run: the column filters leave no sample (1007 rows excluded)"),
  );
  const reject: SourceItem = { kind: "reject", id: null, place: "a row 0", detail: "damaged" };
  for (const items of [[], [excluded, reject]]) {
    using planned = await plan(items);
    assert.deepEqual([planned.rows.length, isPlanned(planned.ledger)], [0, true]);
  }
});

Deno.test("planRun() filters each dataset by its own limits, and keeps them for the workers", async () => {
  const durations = [0.5, 2, 8];
  const samples = [0, 1, 2, 3].flatMap((origin) =>
    durations.map((duration) => sampleOf(`${origin} ${duration}`, { origin, duration }))
  );
  const origins = [
    { minSeconds: null, maxSeconds: null },
    { minSeconds: 0.1, maxSeconds: null },
    { minSeconds: null, maxSeconds: 9 },
  ];
  using planned = await plan(samples, { minSeconds: 1, maxSeconds: 4, origins });
  const kept = planned.rows.filter(({ state }) => state === STATE.pending).map(({ id }) => id);
  assert.deepEqual(kept, ["0 2", "1 0.5", "1 2", "2 2", "2 8", "3 2"]);
  const limits = planned.ledger.all("SELECT * FROM origin ORDER BY n").map((row) => ({ ...row }));
  assert.deepEqual(limits, [
    { n: 0, min_seconds: 1, max_seconds: 4 },
    { n: 1, min_seconds: 0.1, max_seconds: 4 },
    { n: 2, min_seconds: 1, max_seconds: 9 },
    { n: 3, min_seconds: 1, max_seconds: 4 },
  ]);
});

Deno.test("planRun() keeps lines that are no sample, with their place, out of the plan", async () => {
  const reject: SourceItem = { kind: "reject", id: null, place: "m.jsonl:2", detail: "not JSON" };
  using planned = await plan([sampleOf("a"), reject, sampleOf("b")], { maxSamples: 2 });
  assert.deepEqual(planned.rows.map(({ id }) => id), ["a", "b"]);
  const rejects = planned.ledger.all("SELECT id, place, detail FROM reject");
  assert.deepEqual(rejects.map((row) => ({ ...row })), [
    { id: null, place: "m.jsonl:2", detail: "not JSON" },
  ]);
});

Deno.test("planRun() puts all of a speaker into one split", async () => {
  const samples = manySamples(60).map((sample, i) => ({ ...sample, speaker: `speaker ${i % 6}` }));
  using planned = await plan(samples, { valRatio: 0.5, splitBy: "speaker" });
  const splits = new Map(samples.map(({ speaker }) => [speaker, new Set<number>()]));
  planned.rows.forEach(({ split }, i) => splits.get(samples[i]!.speaker)?.add(split));
  assert.ok([...splits.values()].every((found) => found.size === 1));
  assert.equal(new Set(planned.rows.map(({ split }) => split)).size, 2);
});

Deno.test("planRun() refuses a sample without what the split is made by, unless all go one way", async () => {
  const samples = [sampleOf("a", { speaker: "s" }), sampleOf("b")];
  await assert.rejects(
    () => plan(samples, { valRatio: 0.1, splitBy: "speaker" }),
    (error) =>
      error instanceof UsageError &&
      /Cannot split by speaker: sample 'b' at 'list:b' has no speaker/.test(error.message),
  );
  for (const valRatio of [0, 1]) {
    using planned = await plan(samples, { valRatio, splitBy: "speaker" });
    assert.deepEqual(planned.rows.map(({ split }) => split), [valRatio, valRatio]);
  }
});

Deno.test("planRun() leaves a ledger as safe as it found it", async () => {
  using directory = temporaryDirectory();
  for (const networkFileSystem of [false, true]) {
    const path = join(directory.path, `${networkFileSystem}.db`);
    using ledger = Ledger.create(path, { networkFileSystem });
    const synchronous = () => ledger.get<{ synchronous: number }>("PRAGMA synchronous");
    const before = synchronous();
    await planRun(ledger, listSource(manySamples(3)), OPTIONS);
    assert.deepEqual(synchronous(), before);
  }
});
