/** A run killed before its first lease: nothing that it left may be in the way of the next one. */
import assert from "node:assert/strict";
import { isRun, runPaths } from "../../lib/run/run_directory.ts";
import { FaultyFileSystem, Killed } from "../support/faulty_fs.ts";
import { listSource, manySamples } from "../support/list_source.ts";
import { runOnce, temporaryDirectory } from "../support/run_once.ts";
import { testJob } from "../support/test_job.ts";

Deno.test("a run killed while its ledger was being made begins anew", async () => {
  using directory = temporaryDirectory();
  const { ledger, logs } = runPaths(directory.path);
  Deno.mkdirSync(logs, { recursive: true });
  Deno.writeTextFileSync(ledger, "");
  const { summary } = await runOnce(directory.path);
  assert.equal(summary.done, 10);
});

Deno.test("a run killed between its plan and its config is still known as a run afterwards", async () => {
  // The folders are made by three operations; the fourth begins to publish the config.
  for (const operation of [4, 5, 6, 7]) {
    using directory = temporaryDirectory();
    const fs = new FaultyFileSystem(operation, { kind: "kill" });
    await assert.rejects(() => runOnce(directory.path, { fs, config: { codec: "c" } }), Killed);
    assert.ok(!isRun(directory.path), `operation ${operation} belongs to the config`);
    await runOnce(directory.path, { config: { codec: "c" } });
    const config = Deno.readTextFileSync(runPaths(directory.path).config);
    assert.deepEqual(JSON.parse(config), { codec: "c" });
    // Its own data must not be taken for that of something else.
    await runOnce(directory.path);
  }
});

Deno.test("a run whose source breaks in the middle of planning can be planned once it is mended", async () => {
  using directory = temporaryDirectory();
  const whole = listSource(manySamples(10));
  const broken = {
    ...whole,
    async *list() {
      for await (const item of whole.list()) {
        yield item;
        if (item.kind === "sample" && item.sample.id === "s0004") {
          throw new Error("the disk is gone");
        }
      }
    },
  };
  await assert.rejects(() => runOnce(directory.path, { job: testJob(broken) }), /the disk is gone/);
  const { summary } = await runOnce(directory.path, { job: testJob(whole) });
  assert.equal(summary.done, 10);
});
