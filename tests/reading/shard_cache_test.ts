import assert from "node:assert/strict";
import { join } from "node:path";
import { openRun, type Run } from "../../lib/open_run.ts";
import { ShardCache } from "../../lib/reading/shard_cache.ts";
import { type SmallRun, smallRun } from "../support/small_run.ts";

const ROWS = 3;

function file(run: Run, index: number) {
  const found = run.files[index];
  assert.ok(found !== undefined);
  return found;
}

function remove(small: SmallRun, run: Run, index: number): void {
  Deno.removeSync(join(small.directory, file(run, index).path));
}

Deno.test("ShardCache keeps the files that were read last, as far as they fit", async () => {
  using small = await smallRun({ shardSize: ROWS, valRatio: 0 });
  using run = await openRun(small.directory);
  const two = file(run, 0).bytes + Math.max(file(run, 1).bytes, file(run, 2).bytes);
  const cache = new ShardCache(small.directory, run.manifest.columns, two);
  for (const index of [0, 1, 0, 2]) await cache.row(file(run, index), 0);
  [0, 1, 2].forEach((index) => remove(small, run, index));
  assert.ok(await cache.row(file(run, 0), 1));
  assert.ok(await cache.row(file(run, 2), ROWS - 1));
  await assert.rejects(cache.row(file(run, 1), 0), Deno.errors.NotFound);
});

Deno.test("ShardCache reads a row of a file that does not fit, and keeps nothing", async () => {
  using small = await smallRun({ shardSize: ROWS, valRatio: 0 });
  using run = await openRun(small.directory);
  const kept = new ShardCache(small.directory, run.manifest.columns);
  const cache = new ShardCache(small.directory, run.manifest.columns, 1);
  for (let position = 0; position <= ROWS; position++) {
    assert.deepEqual(
      await cache.row(file(run, 0), position),
      await kept.row(file(run, 0), position),
    );
  }
  remove(small, run, 0);
  await assert.rejects(cache.row(file(run, 0), 0), Deno.errors.NotFound);
});

Deno.test("ShardCache reads a file again after it could not be read", async () => {
  using small = await smallRun({ shardSize: ROWS, valRatio: 0 });
  using run = await openRun(small.directory);
  const path = join(small.directory, file(run, 0).path);
  const cache = new ShardCache(small.directory, run.manifest.columns);
  Deno.renameSync(path, `${path}.away`);
  await assert.rejects(cache.row(file(run, 0), 0), Deno.errors.NotFound);
  Deno.renameSync(`${path}.away`, path);
  assert.ok(await cache.row(file(run, 0), 0));
});
