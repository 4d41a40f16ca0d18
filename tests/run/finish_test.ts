import assert from "node:assert/strict";
import { realFileSystem } from "../../lib/fs.ts";
import { writeClosingFiles } from "../../lib/run/finish.ts";
import { Ledger } from "../../lib/run/ledger.ts";
import { planRun } from "../../lib/run/plan.ts";
import { runPaths } from "../../lib/run/run_directory.ts";
import { summarize } from "../../lib/run/summary.ts";
import { listSource, sampleOf } from "../support/list_source.ts";
import { temporaryDirectory } from "../support/run_once.ts";
import { testJob } from "../support/test_job.ts";

Deno.test("writeClosingFiles() writes any number of failures, in order, never all of them at once", async () => {
  using directory = temporaryDirectory();
  using ledger = Ledger.create(":memory:");
  const missing = Array.from({ length: 2500 }, (_, i) => sampleOf(`s${i}`, { audio: "/no/file" }));
  const source = listSource(missing);
  await planRun(ledger, source, {
    ...{ valRatio: 0, splitBy: "id", shardSize: 1000, maxSamples: null },
    ...{ minSeconds: null, maxSeconds: null, lengthOf: () => 0 },
  });
  const paths = runPaths(directory.path);
  let largest = 0;
  const fs = {
    ...realFileSystem,
    create(path: string) {
      const file = realFileSystem.create(path);
      return {
        write(bytes: Uint8Array) {
          largest = Math.max(largest, bytes.length);
          file.write(bytes);
        },
        sync: () => file.sync(),
        [Symbol.dispose]: () => file[Symbol.dispose](),
      };
    },
  };
  const common = { fs, paths, ledger, job: testJob(source), configDigest: "", session: {} };
  writeClosingFiles({ ...common, summary: summarize(ledger) });
  const text = Deno.readTextFileSync(paths.failed);
  const ids = text.trimEnd().split("\n").map((line) => JSON.parse(line).id);
  assert.deepEqual(ids, missing.map(({ id }) => id));
  assert.ok(largest < text.length / 2, `${largest} of ${text.length} bytes in one piece`);
});
