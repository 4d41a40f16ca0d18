/** Command lines, run within the test. */
import { EXIT, type ExitCode } from "../../lib/errors.ts";
import type { TaskContext } from "../../tasks/context.ts";
import { runProgram } from "../../tasks/program.ts";
import { FakeClock, FakeTerminal } from "../terminal/fixture.ts";

/** What a command line left. */
export interface Outcome {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line. */
export async function runLine(...args: readonly string[]): Promise<Outcome> {
  const [out, err] = [new FakeTerminal(false), new FakeTerminal(false)];
  const context: TaskContext = {
    ...{ out, err, clock: new FakeClock(), program: "speechmill" },
    ...{ exitCode: EXIT.done, verbose: false },
  };
  const code = await runProgram(args, context);
  return { code, out: out.written, err: err.written };
}
