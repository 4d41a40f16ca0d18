import assert from "node:assert/strict";
import type { EncodeEvent } from "../../lib/encoding/events.ts";
import { RunReporter } from "../../lib/terminal/run_reporter.ts";
import type { UploadEvent } from "../../lib/hub/upload/events.ts";
import { FakeClock, FakeTerminal, progressOf } from "./fixture.ts";

function tell(events: readonly EncodeEvent[], verbose = false): string {
  const output = new FakeTerminal(false);
  using reporter = new RunReporter({ output, clock: new FakeClock(), verbose });
  for (const event of events) reporter.report(event);
  return output.written;
}

function quarantined(count: number): EncodeEvent[] {
  return Array.from({ length: count }, (_, i) => ({
    type: "quarantined",
    id: `utt_${i}`,
    reason: "empty_file",
    detail: "Cannot read it",
  }));
}

const PLANNED: Extract<EncodeEvent, { type: "planned" }> = {
  ...{ samples: 33, pending: 33, shards: 2, quarantined: 0, excluded: 0, resumed: false },
  type: "planned",
};

Deno.test("RunReporter tells the start and the end of a run on a pipe", () => {
  const told = tell([
    { type: "notice", message: "A small codec" },
    { type: "planning", source: "folder 'x'", listed: 0 },
    PLANNED,
    progressOf(),
  ]);
  assert.equal(told, "A small codec\nListing folder 'x'\nPlanned 33 samples in 2 shards\n");
});

Deno.test("RunReporter says what is left of a run that goes on", () => {
  const told = tell([
    { ...PLANNED, samples: 1200, pending: 200, quarantined: 3, resumed: true },
  ]);
  assert.equal(told, "Going on with 1,200 samples in 2 shards: 200 left, 3 already quarantined\n");
});

Deno.test("RunReporter says what column filters leave out, and if nothing is left", () => {
  assert.equal(
    tell([{ ...PLANNED, samples: 0, pending: 0, shards: 0, excluded: 1200 }]),
    "Planned 0 samples in 0 shards, 1,200 rows excluded by column filters\n",
  );
});

Deno.test("RunReporter says how long a run waits for a server, and why", () => {
  const reason = "the server 'huggingface.co' answers 429";
  assert.equal(
    tell([{ type: "waiting", reason, milliseconds: 40_000 }]),
    "Waiting 40 s before the next attempt: the server 'huggingface.co' answers 429\n",
  );
});

Deno.test("RunReporter keeps the lines of a list apart where a terminal breaks them", () => {
  const output = new FakeTerminal(true);
  output.columns = 24;
  using reporter = new RunReporter({ output, clock: new FakeClock() });
  reporter.report({
    type: "settings",
    message: "Something else here:\n  qsize 100: seconds of audio",
  });
  assert.deepEqual(output.screen(), [
    "Something else here:",
    "  qsize 100: seconds of",
    "    audio",
    "",
  ]);
});

Deno.test("RunReporter draws an upload below the workers, until it is over", () => {
  const output = new FakeTerminal(true);
  const clock = new FakeClock();
  using reporter = new RunReporter({ output, clock });
  const upload = (event: UploadEvent) =>
    reporter.report({ type: "upload", repository: "org/name", event });
  reporter.report(progressOf());
  upload({ type: "uploading", file: "data/a.parquet", bytes: 500, total: 1000 });
  reporter.report(progressOf());
  clock.advance(1000);
  const [last = "", before = ""] = output.screen().filter((line) => line !== "").toReversed();
  assert.equal(last, "Upload: 50 %  500 B of 1.0 kB uploaded  data/a.parquet");
  assert.match(before, /samples/);
  upload({ type: "committed", commit: "0".repeat(40), files: 3, bytes: 1000 });
  const url = "https://huggingface.co/datasets/org/name";
  upload({ type: "finished", files: 3, bytes: 1000, skipped: 0, commits: 1, url });
  clock.advance(1000);
  assert.match(output.screen().join("\n"), /^Uploaded 3 files to 'org\/name'$/m);
  assert.doesNotMatch(output.screen().join("\n"), /Upload:/);
});

Deno.test("RunReporter names ten quarantined samples, not ten million", () => {
  const lines = tell(quarantined(1000)).trimEnd().split("\n");
  assert.equal(lines.length, 11);
  assert.equal(lines[0], "Quarantined 'utt_0' (empty_file): Cannot read it");
  assert.match(lines[10] ?? "", /Further quarantined samples/);
});

Deno.test("RunReporter names every quarantined sample with --verbose", () => {
  assert.equal(tell(quarantined(25), true).trimEnd().split("\n").length, 25);
});

Deno.test("RunReporter lets no id move the cursor", () => {
  const told = tell([
    { type: "quarantined", id: "\x1b[2J", reason: "not_audio", detail: "two\nlines\r" },
  ]);
  assert.equal(told, "Quarantined '\\x1b[2J' (not_audio): two\nlines\\x0d\n");
});

Deno.test("RunReporter warns of workers that die", () => {
  const told = tell([
    { type: "worker_exited", worker: "cpu:0", cause: "was killed (SIGKILL)", unanswered: 1 },
    { type: "worker_retired", worker: "cpu:0", cause: "did not start" },
  ]);
  assert.match(told, /^Worker cpu:0 was killed \(SIGKILL\); 1 unanswered sample will be tried/);
  assert.match(told, /Worker cpu:0 is given up: did not start/);
});
