import assert from "node:assert/strict";
import { chaos, type ChaosOptions } from "./support/chaos.ts";
import { temporaryDirectory } from "./support/run_once.ts";

Deno.test("twenty kills of coordinator, workers or all leave the bytes of a quiet run", async () => {
  using directory = temporaryDirectory();
  const seed = Math.floor(Math.random() * 2 ** 32);
  // Shown when the test fails; `deno task chaos --kills 20 --seed …` plays it again.
  console.log(`chaos seed ${seed}`);
  const { victims } = await chaos({ kills: 20, seed, directory: directory.path });
  assert.equal(victims.coordinator + victims.worker + victims.all, 20);
});

/** One way through every format; `deno task chaos --input parquet --format npy` goes any. */
const FORMATS: readonly Required<Pick<ChaosOptions, "input" | "format">>[] = [
  { input: "parquet", format: "parquet" },
  { input: "parquet", format: "tar" },
  { input: "tar", format: "csv" },
  { input: "parquet", format: "npy" },
];

for (const { input, format } of FORMATS) {
  Deno.test(`runs from ${input} to ${format} that are killed leave the bytes of a quiet one, and no scratch folder`, async () => {
    using directory = temporaryDirectory();
    const seed = Math.floor(Math.random() * 2 ** 32);
    console.log(`chaos seed ${seed}`);
    await chaos({ kills: 2, clips: 24, seed, directory: directory.path, input, format });
  });
}
