import assert from "node:assert/strict";
import { join } from "node:path";
import { Dispatcher } from "../../lib/run/dispatcher.ts";
import { Ledger } from "../../lib/run/ledger.ts";
import { planRun } from "../../lib/run/plan.ts";
import type { SourceSample } from "../../lib/sources/source.ts";
import { listSource, manySamples } from "../support/list_source.ts";
import { engineOptions, temporaryDirectory } from "../support/run_once.ts";

async function firstGrant(samples: readonly SourceSample[]): Promise<number> {
  using directory = temporaryDirectory();
  using ledger = Ledger.create(join(directory.path, "ledger.db"));
  const { plan } = engineOptions(directory.path, { plan: { shardSize: 100, valRatio: 0 } });
  await planRun(ledger, listSource(samples), { ...plan, lengthOf: () => 0 });
  return new Dispatcher(ledger).next({ seconds: 60, samples: 50 }, true)?.samples.length ?? 0;
}

Deno.test("Dispatcher takes audio of unknown length for ten seconds", async () => {
  const audio = Deno.execPath();
  const samples = manySamples(100).map((sample) => ({ ...sample, audio, duration: null }));
  assert.equal(await firstGrant(samples), 6);
});

Deno.test("Dispatcher counts no seconds for text alone", async () => {
  const samples = manySamples(100).map((sample) => ({ ...sample, duration: null }));
  assert.equal(await firstGrant(samples), 50);
});
