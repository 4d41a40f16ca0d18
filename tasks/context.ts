/**
 * What every command is given.
 *
 * @module
 */
import { type Clock, realClock } from "../lib/clock.ts";
import { EXIT, type ExitCode } from "../lib/errors.ts";
import { type Output, systemOutput } from "../lib/terminal/output.ts";
import { invocation } from "./invocation.ts";

/** What every command is given, and where it leaves how it ended. */
export interface TaskContext {
  /** What was asked for. */
  readonly out: Output;
  /** Progress and complaints. */
  readonly err: Output;
  readonly clock: Clock;
  /** How the user called the program: `speechmill`, or a task. */
  readonly program: string;
  exitCode: ExitCode;
  verbose: boolean;
}

/** The context of this process. */
export function systemContext(): TaskContext {
  return {
    out: systemOutput(Deno.stdout),
    err: systemOutput(Deno.stderr),
    clock: realClock,
    program: invocation(),
    exitCode: EXIT.done,
    verbose: false,
  };
}

/** Prints lines that were asked for. */
export function printLines(context: TaskContext, lines: readonly string[]): void {
  context.out.write(lines.map((line) => `${line}\n`).join(""));
}

/** Prints a value for programs to read. */
export function printJson(context: TaskContext, value: unknown): void {
  context.out.write(`${JSON.stringify(value, null, 2)}\n`);
}
