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
  await t.assertSnapshot(summaryLines(SUMMARY, { directory: "out", session }).join("\n"));
});

Deno.test("summaryLines() says no speed where nothing was done", () => {
  const lines = summaryLines(SUMMARY, { directory: "out", session: null });
  assert.ok(lines.every((line) => !line.includes("speed")));
});

Deno.test("outcomeText() tells done from quarantined from stopped", () => {
  assert.equal(outcomeText({ ...SUMMARY, quarantined: 0 }), "Done");
  assert.equal(outcomeText(SUMMARY), "Done, with 3 quarantined samples");
  assert.equal(
    outcomeText({ ...SUMMARY, finished: false, pending: 12 }),
    "Stopped with 12 samples left",
  );
});
