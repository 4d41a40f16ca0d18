import assert from "node:assert/strict";
import type { RunEvent } from "../../lib/run/events.ts";
import { RunReporter } from "../../lib/terminal/run_reporter.ts";
import { FakeClock, FakeTerminal, progressOf } from "./fixture.ts";

function tell(events: readonly RunEvent[], verbose = false): string {
  const output = new FakeTerminal(false);
  using reporter = new RunReporter({ output, clock: new FakeClock(), verbose });
  for (const event of events) reporter.report(event);
  return output.written;
}

function quarantined(count: number): RunEvent[] {
  return Array.from({ length: count }, (_, i) => ({
    type: "quarantined",
    id: `utt_${i}`,
    reason: "empty_file",
    detail: "Cannot read it",
  }));
}

Deno.test("RunReporter tells the start and the end of a run on a pipe", () => {
  const told = tell([
    { type: "notice", message: "A small codec" },
    { type: "planning", source: "folder 'x'", listed: 0 },
    { type: "planned", samples: 33, pending: 33, shards: 2, quarantined: 0, resumed: false },
    progressOf(),
  ]);
  assert.equal(told, "A small codec\nListing folder 'x'\nPlanned 33 samples in 2 shards\n");
});

Deno.test("RunReporter says what is left of a run that goes on", () => {
  const told = tell([
    { type: "planned", samples: 1200, pending: 200, shards: 2, quarantined: 3, resumed: true },
  ]);
  assert.equal(told, "Going on with 1,200 samples in 2 shards: 200 left, 3 already quarantined\n");
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
