import assert from "node:assert/strict";
import type { Summary } from "../../lib/run/summary.ts";
import { outcomeText, summaryLines } from "../../lib/terminal/summary_text.ts";

const SUMMARY: Summary = {
  finished: true,
  samples: 1234,
  plannedSeconds: 7300,
  done: 1230,
  quarantined: 3,
  filtered: 2,
  rejected: 1,
  excluded: 4,
  pending: 0,
  audioSeconds: 7200,
  tokens: 1_440_000,
  shards: 3,
  shardsSealed: 3,
  bytes: 2_500_000,
  splits: [
    { name: "train", planned: 1224, rows: 1220 },
    { name: "validation", planned: 10, rows: 10 },
  ],
  reasons: { empty_file: 2, malformed_line: 1 },
  filters: { too_short: 2 },
};

Deno.test("summaryLines() tells every figure of a run", async (t) => {
  const session = { wallSeconds: 80, audioSeconds: 7200 };
  await t.assertSnapshot(
    summaryLines(SUMMARY, { directory: "out", session, columns: Infinity }).join("\n"),
  );
});

Deno.test("summaryLines() says no speed where nothing was done", () => {
  const lines = summaryLines(SUMMARY, { directory: "out", session: null, columns: Infinity });
  assert.ok(lines.every((line) => !line.includes("speed")));
});

Deno.test("summaryLines() breaks long lines of a terminal under their value", () => {
  const context = { directory: "out", session: null, columns: 24, notices: ["small, for tests"] };
  assert.deepEqual(summaryLines(SUMMARY, context).slice(-3), [
    "  files        out",
    "  note         small,",
    "               for tests",
  ]);
});

Deno.test("summaryLines() tells where else the dataset is", () => {
  const places = { saved: "my_dataset", uploaded: "https://huggingface.co/datasets/org/name" };
  const context = { directory: "out", session: null, columns: Infinity, ...places };
  assert.deepEqual(summaryLines(SUMMARY, context).slice(-3), [
    "  files        out",
    "  saved        my_dataset",
    "  uploaded     https://huggingface.co/datasets/org/name",
  ]);
});

Deno.test("summaryLines() says nothing of splits before all rows are there", () => {
  const context = { directory: "out", session: null, columns: Infinity };
  const [samples] = summaryLines({ ...SUMMARY, finished: false }, context);
  assert.equal(samples, "  samples      1,230 of 1,234 done");
});

Deno.test("outcomeText() tells done from quarantined from stopped", () => {
  assert.equal(outcomeText({ ...SUMMARY, quarantined: 0 }), "Done");
  assert.equal(outcomeText(SUMMARY), "Done, with 3 quarantined samples");
  assert.equal(
    outcomeText({ ...SUMMARY, finished: false, pending: 12 }),
    "Stopped with 12 samples left",
  );
});
