import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { realFileSystem } from "../../lib/fs.ts";
import { Ledger } from "../../lib/run/ledger.ts";
import { planRun } from "../../lib/run/plan.ts";
import { Recorder } from "../../lib/run/recorder.ts";
import { sealableShards, type SealerOptions, sealShard } from "../../lib/run/sealer.ts";
import type { ShardFormat } from "../../lib/shards/format.ts";
import { jsonlGz, readJsonlGz } from "../../lib/shards/jsonl_gz.ts";
import { FaultyFileSystem, Killed } from "../support/faulty_fs.ts";
import { listSource, manySamples } from "../support/list_source.ts";
import { temporaryDirectory } from "../support/run_once.ts";
import { testJob } from "../support/test_job.ts";

const COUNT = 450;
const SHARD_SIZE = 300;

interface Setup extends Disposable {
  readonly options: SealerOptions;
  readonly ledger: Ledger;
  readonly data: string;
}

/** Every sample done, in an order far from that of the plan, but for those that failed. */
async function setUp(failed: (idx: number) => boolean = () => false): Promise<Setup> {
  const directory = temporaryDirectory();
  const data = join(directory.path, "data");
  Deno.mkdirSync(data);
  const ledger = Ledger.create(":memory:");
  const source = listSource(manySamples(COUNT));
  await planRun(ledger, source, {
    ...{ valRatio: 0, splitBy: "id", shardSize: SHARD_SIZE, maxSamples: null },
    ...{ minSeconds: null, maxSeconds: null, lengthOf: () => 0 },
  });
  const recorder = new Recorder(ledger);
  for (let i = 0; i < COUNT; i++) {
    const idx = (i * 7919) % COUNT;
    if (!failed(idx)) recorder.add({ kind: "done", idx, seconds: 0.5, output: { idx } });
    else {
      const why = { stage: "run", reason: "model_error", detail: "", attempts: 1 } as const;
      recorder.add({ kind: "quarantined", idx, ...why });
    }
  }
  recorder.flush();
  const common = { ledger, fs: realFileSystem, job: testJob(source), format: jsonlGz() };
  return {
    ...{ options: { ...common, directory: directory.path }, ledger, data },
    [Symbol.dispose]() {
      ledger[Symbol.dispose]();
      directory[Symbol.dispose]();
    },
  };
}

function outputs(ledger: Ledger): number {
  return ledger.all("SELECT idx FROM result").length;
}

Deno.test("sealShard() publishes the rows in the order of the plan, and their figures", async () => {
  using setup = await setUp((idx) => idx === 5);
  assert.deepEqual(sealableShards(setup.ledger), [0, 1]);
  const sealed = await sealShard(setup.options, 0);
  assert.equal(sealed.path, "data/train-00000-of-00002.jsonl.gz");
  const path = join(setup.options.directory, sealed.path);
  const rows = await Array.fromAsync(readJsonlGz(path));
  const expected = manySamples(SHARD_SIZE).filter((_, idx) => idx !== 5).map(({ id }) => id);
  assert.deepEqual(rows.map((row) => row["id"]), expected);
  const bytes = Deno.readFileSync(path);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  assert.deepEqual(sealed, { path: sealed.path, rows: 299, bytes: bytes.length, sha256 });
  const { tokens, seconds } = setup.ledger.get("SELECT * FROM shard WHERE shard = 0") ?? {};
  assert.deepEqual([tokens, seconds], [299, 149.5]);
});

Deno.test("sealShard() drops the outputs of its own shard from the ledger, and no other", async () => {
  using setup = await setUp();
  await sealShard(setup.options, 0);
  assert.equal(outputs(setup.ledger), COUNT - SHARD_SIZE);
  assert.deepEqual(sealableShards(setup.ledger), [1]);
  await sealShard(setup.options, 1);
  assert.deepEqual([outputs(setup.ledger), sealableShards(setup.ledger)], [0, []]);
});

Deno.test("sealShard() makes no file for a shard in which every sample failed", async () => {
  using setup = await setUp((idx) => idx >= SHARD_SIZE);
  const { path, rows, bytes } = await sealShard(setup.options, 1);
  assert.deepEqual([path, rows, bytes], [null, 0, 0]);
  assert.deepEqual([...Deno.readDirSync(setup.data)], []);
  assert.deepEqual(sealableShards(setup.ledger), [0]);
});

Deno.test("sealShard() killed between the rename and the record is done again, to the same bytes", async () => {
  using setup = await setUp();
  const { fs } = setup.options;
  const operations = new FaultyFileSystem(Infinity, { kind: "kill" });
  const { sha256 } = await sealShard({ ...setup.options, fs: operations }, 1);
  // The last operation syncs the folder: the file has its name, the ledger does not know it.
  const dying = new FaultyFileSystem(operations.operations, { kind: "kill" });
  using killed = await setUp();
  await assert.rejects(() => sealShard({ ...killed.options, fs: dying }, 1), Killed);
  assert.deepEqual([...Deno.readDirSync(killed.data)].map(({ name }) => name), [
    "train-00001-of-00002.jsonl.gz",
  ]);
  assert.deepEqual(sealableShards(killed.ledger), [0, 1]);
  assert.equal(outputs(killed.ledger), COUNT);
  assert.equal((await sealShard({ ...killed.options, fs }, 1)).sha256, sha256);
});

Deno.test("sealShard() refuses a shard that is not planned", async () => {
  using setup = await setUp();
  await assert.rejects(() => sealShard(setup.options, 77), /shard 77: it is not in the plan/);
});

Deno.test("a shard with an open sample cannot be sealed yet", async () => {
  using setup = await setUp();
  setup.ledger.run("UPDATE sample SET state = 0 WHERE idx = 3");
  assert.deepEqual(sealableShards(setup.ledger), [1]);
});

Deno.test("sealShard() holds few rows at a time where each is large", async () => {
  using setup = await setUp();
  const long = JSON.stringify({ codes: "1".repeat(1_500_000) });
  setup.ledger.run("UPDATE result SET output = ? WHERE idx BETWEEN 10 AND 19", long);
  const pages: number[] = [];
  const inner = jsonlGz();
  const format: ShardFormat = {
    ...inner,
    create(target) {
      const writer = inner.create(target);
      return {
        write: (rows) => (pages.push(rows.length), writer.write(rows)),
        finish: () => writer.finish(),
        [Symbol.dispose]: () => writer[Symbol.dispose](),
      };
    },
  };
  const { rows } = await sealShard({ ...setup.options, format }, 0);
  assert.equal(rows, SHARD_SIZE);
  assert.deepEqual(pages, [13, 3, 3, 200, 81]);
});
