/**
 * What is said when a command fails.
 *
 * @module
 */
import { EXIT, type ExitCode, messageOf, SpeechmillError } from "../lib/errors.ts";
import { diskAdvice } from "../lib/disk_fault.ts";
import { colour } from "../lib/terminal/colour.ts";
import type { TaskContext } from "./context.ts";

/**
 * Tells the user what went wrong, on standard error.
 *
 * Our own errors say what to do next; anything else is a defect, and comes with its stack.
 */
export function reportError(context: TaskContext, error: unknown): ExitCode {
  // The reader of a pipe has left: nobody is there to be told.
  if (error instanceof Deno.errors.BrokenPipe) return EXIT.done;
  const isOurs = error instanceof SpeechmillError;
  const isRights = error instanceof Deno.errors.NotCapable;
  const advice = isRights
    ? "Run it with all permissions: 'deno run -A' or 'deno install -g -A'"
    : diskAdvice(error);
  const lines = [colour(context.err, "red", `error: ${messageOf(error)}`)];
  const withStack = context.verbose || Deno.env.get("SPEECHMILL_DEBUG") === "1";
  if ((withStack || !(isOurs || advice !== null)) && error instanceof Error) {
    lines.push(stackOf(error));
  }
  if (advice !== null && !isOurs) lines.push(advice);
  else if (!isOurs) {
    lines.push(
      "This is a defect of speechmill: please report it with the lines above, " +
        "and what 'speechmill doctor' prints",
    );
  }
  context.err.write(lines.map((line) => `${line}\n`).join(""));
  return isOurs ? error.exitCode : EXIT.failed;
}

/** The stack without the message, and the stacks of its causes. */
function stackOf(error: Error): string {
  const own = (error.stack ?? "").replace(`${error.name}: ${error.message}`, "").trim();
  const stack = own.split("\n").map((line) => `    ${line.trim()}`).join("\n");
  if (!(error.cause instanceof Error)) return stack;
  return `${stack}\ncaused by ${error.cause.name}: ${error.cause.message}\n${stackOf(error.cause)}`;
}
