import assert from "node:assert/strict";
import { chaos } from "./support/chaos.ts";
import { temporaryDirectory } from "./support/run_once.ts";

Deno.test("twenty kills of coordinator, workers or all leave the bytes of a quiet run", async () => {
  using directory = temporaryDirectory();
  const seed = Math.floor(Math.random() * 2 ** 32);
  // Shown when the test fails; `deno task chaos --kills 20 --seed …` plays it again.
  console.log(`chaos seed ${seed}`);
  const { victims } = await chaos({ kills: 20, seed, directory: directory.path });
  assert.equal(victims.coordinator + victims.worker + victims.all, 20);
});
