import assert from "node:assert/strict";
import type { RunStatus } from "../../lib/status.ts";
import { DecodeReporter } from "../../lib/terminal/decode_reporter.ts";
import { checkLines, verdictText } from "../../lib/terminal/doctor_text.ts";
import { statusLines } from "../../lib/terminal/status_text.ts";
import { verdictLines, VerifyReporter } from "../../lib/terminal/verify_reporter.ts";
import { displayWidth } from "../../lib/terminal/width.ts";
import type { VerifyReport } from "../../lib/verify.ts";
import { FakeClock, FakeTerminal, progressOf } from "./fixture.ts";

Deno.test("checkLines() puts the fix below what it mends", () => {
  const check = { name: "disk", ok: "failed", detail: "1 MB free", fix: "Make room" } as const;
  const [found = "", fix = ""] = checkLines(check, { hasColour: false });
  assert.match(found, /^failed {3}disk +1 MB free$/);
  assert.equal(fix.trim(), "Make room");
  assert.equal(fix.indexOf("Make room"), found.indexOf("1 MB"));
});

Deno.test("verdictText() says whether runs will work", () => {
  const check = (ok: "ok" | "warning" | "failed") => ({ name: "x", ok, detail: "", fix: null });
  assert.equal(verdictText([check("ok")]), "All is well");
  assert.equal(verdictText([check("ok"), check("warning")]), "All works, with 1 warning");
  assert.equal(
    verdictText([check("warning"), check("failed")]),
    "1 check failed: runs will not work",
  );
});

Deno.test("VerifyReporter names twenty problems, and --json has the rest", () => {
  const output = new FakeTerminal(false);
  using reporter = new VerifyReporter(output, new FakeClock());
  for (let row = 1; row <= 500; row++) {
    const problem = {
      kind: "row",
      file: "data/a.gz",
      row,
      id: "x\x1b",
      problem: "bad",
    } as const;
    assert.equal(reporter.report({ type: "problem", problem }), null);
  }
  const lines = output.written.trimEnd().split("\n");
  assert.equal(lines.length, 21);
  assert.equal(lines[0], "data/a.gz, row 1, 'x\\x1b': bad");
  assert.match(lines[20] ?? "", /--json/);
});

const REPORT: VerifyReport = {
  files: 3,
  filesRead: 1,
  rows: 12_000,
  finished: false,
  ledger: false,
  problems: [{ kind: "stray", file: "data/x", problem: "it is not of the run" }],
  advice: ["Move it away"],
  rebatch: { samples: 2, tokens: 40_000, mismatches: 3, rate: 0.000075 },
  ok: false,
};

Deno.test("verdictLines() tells what was looked at, what was found and what to do", async (t) => {
  await t.assertSnapshot(verdictLines(REPORT).join("\n"));
});

Deno.test("DecodeReporter draws how far it is, and ends with where the files are", () => {
  const [output, clock] = [new FakeTerminal(true), new FakeClock()];
  using reporter = new DecodeReporter(output, clock);
  assert.deepEqual(reporter.report({ type: "started", rows: 2, codec: "bundled" }), []);
  reporter.report({ type: "decoded", id: "a", file: "a.wav", seconds: 3 });
  clock.advance(100);
  assert.match(output.screen().join("\n"), /^50 % {2}1 of 2 rows decoded {2}3\.0 s/);
  assert.deepEqual(
    reporter.report({ type: "finished", output: "/wav", files: 2, seconds: 90 }),
    ["Decoded 2 files, 1.5 min of audio, into /wav"],
  );
});

function statusOf(change: Partial<RunStatus>): RunStatus {
  return {
    directory: "/runs/a",
    state: "running",
    owner: "process 7 on here",
    summary: {
      ...{ finished: false, samples: 10, plannedSeconds: 30, done: 4, quarantined: 2, filtered: 0 },
      ...{ rejected: 0, excluded: 0, pending: 4, audioSeconds: 12, tokens: 0 },
      ...{ shards: 1, shardsSealed: 0, bytes: 0, splits: [], filters: {} },
      ...{ reasons: { not_audio: 2 } },
    },
    progress: { ...progressOf(), at: "2026-01-01T00:00:00.000Z" },
    session: null,
    failures: [{
      reason: "not_audio",
      count: 2,
      examples: [{ id: "b\x07", place: "list:2", detail: "Cannot read sample 'b'" }],
    }],
    ...change,
  };
}

Deno.test("statusLines() shows the workers of a running run, and examples of what was lost", async (t) => {
  await t.assertSnapshot(statusLines(statusOf({}), Infinity).join("\n"));
});

Deno.test("statusLines() keeps to the width, and shows no workers of a run that stopped", () => {
  const lines = statusLines(statusOf({ state: "stopped", owner: null }), 40);
  assert.ok(lines.every((line) => displayWidth(line) <= 40));
  assert.equal(lines[0], "Stopped with 4 samples left");
  assert.ok(!lines.some((line) => line.includes("cpu:0")));
});
