import assert from "node:assert/strict";
import { DeviceError, EXIT, UsageError } from "../../lib/errors.ts";
import type { TaskContext } from "../../tasks/context.ts";
import { reportError } from "../../tasks/report_error.ts";
import { FakeClock, FakeTerminal } from "../terminal/fixture.ts";
import { runLine } from "./fixture.ts";

Deno.test("an unknown command is refused, with the one that was meant", async () => {
  const { code, err, out } = await runLine("encod");
  assert.equal(code, EXIT.usage);
  assert.match(err, /unknown command 'encod'\n\(Did you mean encode\?\)/);
  assert.equal(out, "");
});

Deno.test("an unknown flag is refused, with the one that was meant", async () => {
  const { code, err } = await runLine("encode", "--inptu", "x");
  assert.equal(code, EXIT.usage);
  assert.match(err, /unknown option '--inptu'\n\(Did you mean --input\?\)/);
});

Deno.test("a value that is no choice is refused, with the choices", async () => {
  const { code, err } = await runLine("encode", "--split-by", "moon");
  assert.equal(code, EXIT.usage);
  assert.match(err, /Allowed choices are id, speaker, text/);
});

Deno.test("wrong use of any command ends with 2", async () => {
  const lines = [
    [],
    ["encode", "--val-ratio", "2", "--input", "examples/speech"],
    ["encode", "/nowhere/config.yaml"],
    ["resume"],
    ["resume", "/nowhere"],
    ["resume", "x", "--batch-seconds", "-1"],
    ["status", "/nowhere"],
    ["status", "a", "b"],
    ["verify", "/nowhere"],
    ["verify", "/nowhere", "--subset", "many"],
    ["decode", "/nowhere"],
    ["decode", "/nowhere", "--output", "/nowhere/either"],
    ["complete", "cmd"],
  ];
  for (const line of lines) {
    const { code, err } = await runLine(...line);
    assert.equal(code, EXIT.usage, `${line.join(" ")}: ${err}`);
    assert.notEqual(err, "");
  }
});

function report(error: unknown, verbose = false): { code: number; err: string } {
  const err = new FakeTerminal(false);
  const context: TaskContext = {
    ...{ out: new FakeTerminal(false), err, clock: new FakeClock(), program: "speechmill" },
    ...{ exitCode: EXIT.done, verbose },
  };
  const code = reportError(context, error);
  return { code, err: err.written };
}

Deno.test("reportError() says an error of ours in its own words, without a stack", () => {
  assert.deepEqual(report(new UsageError("Cannot read it: it is gone")), {
    code: EXIT.usage,
    err: "error: Cannot read it: it is gone\n",
  });
  assert.equal(report(new DeviceError("Cannot go on")).code, EXIT.failed);
});

Deno.test("reportError() shows the stack with --verbose, and that of the cause", () => {
  const cause = new TypeError("deep below");
  const { err } = report(new UsageError("Cannot read it", { cause }), true);
  assert.match(err, /usage_test\.ts/);
  assert.match(err, /caused by TypeError: deep below/);
});

Deno.test("reportError() asks to report what is not ours, with its stack", () => {
  const { code, err } = report(new TypeError("x is undefined"));
  assert.equal(code, EXIT.failed);
  assert.match(err, /^error: x is undefined\n {4}at .*usage_test\.ts/);
  assert.match(err, /This is a defect of speechmill/);
});

Deno.test("reportError() says what to do about a missing permission", () => {
  const { code, err } = report(new Deno.errors.NotCapable("Requires read access"));
  assert.equal(code, EXIT.failed);
  assert.match(err, /deno run -A/);
  assert.doesNotMatch(err, /defect/);
});

Deno.test("reportError() says what to do about a full disk, whoever found it", () => {
  const system = "No space left on device (os error 28): write '/data/x.tmp'";
  for (const message of [system, "database or disk is full"]) {
    const { code, err } = report(new Error(message));
    assert.equal(code, EXIT.failed);
    assert.equal(
      err,
      `error: ${message}\nWhat was done is kept: make room on the disk, then resume the run\n`,
    );
  }
});

Deno.test("reportError() is quiet when the reader of a pipe has left", () => {
  assert.deepEqual(report(new Deno.errors.BrokenPipe("gone")), { code: EXIT.done, err: "" });
});
