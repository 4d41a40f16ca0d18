import assert from "node:assert/strict";
import { join } from "node:path";
import { writePart } from "../../lib/audio/part.ts";
import { Ledger } from "../../lib/run/ledger.ts";
import { planRun } from "../../lib/run/plan.ts";
import { PlanReader } from "../../workers/plan_reader.ts";
import { listSource, sampleOf } from "../support/list_source.ts";
import { temporaryDirectory } from "../support/run_once.ts";

async function plannedLedger(path: string): Promise<Ledger> {
  const ledger = Ledger.create(path);
  const samples = [sampleOf("a"), sampleOf("b", { text: "🎙️", start: 0.5, end: 2 }), sampleOf("c")];
  await planRun(ledger, listSource(samples), {
    ...{ valRatio: 0, splitBy: "id", shardSize: 10, maxSamples: null },
    ...{ minSeconds: null, maxSeconds: null, lengthOf: () => 0 },
  });
  return ledger;
}

Deno.test("PlanReader gives a lease's samples in the lease's order, beside a coordinator that writes", async () => {
  using directory = temporaryDirectory();
  using ledger = await plannedLedger(join(directory.path, "ledger.db"));
  using plan = new PlanReader(ledger.path);
  ledger.transaction(() => {
    ledger.run("UPDATE sample SET state = 1 WHERE idx = 0");
    const samples = plan.read([2, 0, 1]);
    assert.deepEqual(samples.map(({ id }) => id), ["c", "a", "b"]);
    assert.deepEqual({ ...samples[2] }, {
      ...{ idx: 1, id: "b", audio: null, part: null, text: "🎙️", start: 0.5, end: 2 },
      ...{ size: null, mtime: null, minSeconds: null, maxSeconds: null },
    });
  });
});

Deno.test("PlanReader says which sample the plan does not have, and reads on", async () => {
  using directory = temporaryDirectory();
  using ledger = await plannedLedger(join(directory.path, "ledger.db"));
  using plan = new PlanReader(ledger.path);
  assert.throws(() => plan.read([0, 7]), /Cannot find sample 7: the plan does not have it/);
  assert.equal(plan.read([1])[0]?.id, "b");
});

Deno.test("PlanReader gives the place of a sample within a file, and the limits of its dataset", async () => {
  using directory = temporaryDirectory();
  using ledger = Ledger.create(join(directory.path, "ledger.db"));
  const part = { kind: "parquet", row: 7, column: "audio" } as const;
  const audio = "/data/clips.parquet";
  await planRun(
    ledger,
    listSource([
      sampleOf("a", { audio, part, isDeferred: true, origin: 1 }),
      sampleOf("b", { origin: 2 }),
    ]),
    {
      ...{ valRatio: 0, splitBy: "id", shardSize: 10, maxSamples: null },
      ...{ minSeconds: null, maxSeconds: 30, lengthOf: () => 0 },
    },
  );
  ledger.exec("DELETE FROM origin; INSERT INTO origin VALUES (1, 0.5, NULL)");
  using plan = new PlanReader(ledger.path);
  const [a, b] = plan.read([0, 1]);
  assert.deepEqual([a?.audio, a?.part, a?.size], [audio, writePart(part), null]);
  assert.deepEqual([a?.minSeconds, a?.maxSeconds], [0.5, null]);
  assert.deepEqual([b?.minSeconds, b?.maxSeconds], [null, null]);
});
