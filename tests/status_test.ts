import assert from "node:assert/strict";
import { dirname } from "node:path";
import { UsageError } from "../lib/errors.ts";
import { Ledger } from "../lib/run/ledger.ts";
import { type RunPaths, runPaths } from "../lib/run/run_directory.ts";
import { runStatus } from "../lib/status.ts";
import { progressOf } from "./terminal/fixture.ts";

/** A run of six samples: two done, three quarantined, one pending, and a line that is no sample. */
function makeRun(): RunPaths & Disposable {
  const directory = Deno.makeTempDirSync();
  const paths = runPaths(directory);
  Deno.mkdirSync(dirname(paths.ledger));
  Deno.writeTextFileSync(paths.config, "{}");
  Deno.writeTextFileSync(paths.lock, "process 1 on nowhere\n");
  using ledger = Ledger.create(paths.ledger);
  const states = [1, 1, 2, 2, 2, 0];
  for (const [idx, state] of states.entries()) {
    ledger.run(
      `INSERT INTO sample (idx, id, place, origin, duration, split, position, shard, length, state)
        VALUES (?, ?, ?, 0, 2.5, 0, ?, 0, 0, ?)`,
      ...[idx, `utt_${idx}`, `list.jsonl:${idx + 1}`, idx, state],
    );
  }
  for (const [idx, reason] of [[2, "empty_file"], [3, "not_audio"], [4, "not_audio"]] as const) {
    ledger.run("INSERT INTO failure VALUES (?, 'prepare', ?, 'Cannot read', 1)", idx, reason);
  }
  ledger.run("INSERT INTO reject VALUES (1, NULL, 'list.jsonl:7', 'no JSON')");
  ledger.run("INSERT INTO shard (shard, split, number, planned, first, last) VALUES (0,0,0,6,0,5)");
  ledger.setMeta("planned", "6");
  ledger.setMeta("planned_seconds", "15");
  return { ...paths, [Symbol.dispose]: () => Deno.removeSync(directory, { recursive: true }) };
}

Deno.test("runStatus() reads a run that was stopped", () => {
  using run = makeRun();
  const status = runStatus(run.directory);
  assert.equal(status.state, "stopped");
  assert.equal(status.owner, null);
  const { samples, done, quarantined, pending, finished } = status.summary;
  assert.deepEqual({ samples, done, quarantined, pending, finished }, {
    samples: 6,
    done: 2,
    quarantined: 4,
    pending: 1,
    finished: false,
  });
});

Deno.test("runStatus() groups what was quarantined, the most frequent first, with examples", () => {
  using run = makeRun();
  const { failures } = runStatus(run.directory);
  assert.deepEqual(failures.map(({ reason, count }) => [reason, count]), [
    ["not_audio", 2],
    ["empty_file", 1],
    ["malformed_line", 1],
  ]);
  assert.deepEqual({ ...failures[0]?.examples[0] }, {
    id: "utt_3",
    place: "list.jsonl:4",
    detail: "Cannot read",
  });
  assert.deepEqual({ ...failures[2]?.examples[0] }, {
    id: null,
    place: "list.jsonl:7",
    detail: "no JSON",
  });
});

Deno.test("runStatus() sees the process that holds the lock, and leaves the lock to it", () => {
  using run = makeRun();
  using holder = Deno.openSync(run.lock, { read: true, write: true });
  holder.lockSync(true);
  for (let i = 0; i < 2; i++) {
    const { state, owner } = runStatus(run.directory);
    assert.equal(state, "running");
    assert.equal(owner, "process 1 on nowhere");
  }
});

Deno.test("runStatus() lets go of the lock that it tried", () => {
  using run = makeRun();
  runStatus(run.directory);
  using holder = Deno.openSync(run.lock, { read: true, write: true });
  assert.ok(holder.tryLockSync(true));
});

Deno.test("runStatus() reads beside a process that writes", () => {
  using run = makeRun();
  using writer = Ledger.open(run.ledger);
  writer.exec("BEGIN IMMEDIATE");
  writer.run("UPDATE sample SET state = 1 WHERE idx = 5");
  assert.equal(runStatus(run.directory).summary.pending, 1);
  writer.exec("COMMIT");
  assert.equal(runStatus(run.directory).summary.pending, 0);
});

Deno.test("runStatus() finds the last progress far from the end of the log, and skips a torn line", () => {
  using run = makeRun();
  const progress = (done: number) =>
    `${JSON.stringify({ at: "2026-01-01T00:00:00.000Z", ...progressOf({ done }) })}\n`;
  const noise = `${JSON.stringify({ type: "lease", worker: "cpu:0" })}\n`.repeat(5000);
  const torn = progress(3).slice(0, 80);
  Deno.writeTextFileSync(run.events, progress(1) + progress(2) + noise + torn);
  assert.equal(runStatus(run.directory).progress?.done, 2);
});

Deno.test("runStatus() knows no progress and no session of a run that has just begun", () => {
  using run = makeRun();
  const { progress, session } = runStatus(run.directory);
  assert.equal(progress, null);
  assert.equal(session, null);
});

Deno.test("runStatus() reads the last session's speed", () => {
  using run = makeRun();
  Deno.writeTextFileSync(run.stats, '{"session": {"wallSeconds": 4, "audioSeconds": 100}}');
  assert.deepEqual(runStatus(run.directory).session, { wallSeconds: 4, audioSeconds: 100 });
});

Deno.test("runStatus() refuses a folder without a run", () => {
  assert.throws(() => runStatus("/nowhere/at/all"), UsageError);
});
