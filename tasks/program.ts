/**
 * The command line: its commands, and how it ends.
 *
 * @module
 */
import { EXIT, type ExitCode } from "../lib/errors.ts";
import type { Setting } from "../lib/config/settings.ts";
import { Command, CommanderError, type CommandUnknownOpts } from "../lib/npm/commander.ts";
import { VERSION } from "../lib/version.ts";
import { answerCompletion, completeCommand, COMPLETION_REQUEST } from "./complete.ts";
import { systemContext, type TaskContext } from "./context.ts";
import { convertCommand } from "./convert.ts";
import { decodeCommand } from "./decode.ts";
import { doctorCommand } from "./doctor.ts";
import { encodeCommand } from "./encode.ts";
import { reportError } from "./report_error.ts";
import { resumeCommand } from "./resume.ts";
import { statusCommand } from "./status.ts";
import { uploadCommand } from "./upload.ts";
import { verifyCommand } from "./verify.ts";

const HELP_COLUMNS = 100;

/** Every command, wired to a context; `settings` become the flags of `encode`. */
export function buildProgram(context: TaskContext, settings: readonly Setting[]) {
  const program = new Command()
    .name(context.program)
    .description("Mills speech into what speech language models train on")
    .version(VERSION, "-V, --version", "Print the version")
    .helpCommand(false);
  const commands = [
    encodeCommand(context, settings),
    resumeCommand(context),
    statusCommand(context),
    verifyCommand(context),
    decodeCommand(context),
    uploadCommand(context),
    convertCommand(context),
    doctorCommand(context),
    completeCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands]) configure(command, context);
  program.addHelpText("after", `\nExit codes:\n${EXIT_CODES}`);
  return program;
}

const EXIT_CODES = [
  "  0   all done",
  "  1   failed",
  "  2   wrong use or config",
  "  3   done, with quarantined samples",
  "  75  stopped, can be resumed",
].join("\n");

/** Runs one command line and says how it ended. */
export async function runProgram(
  args: readonly string[],
  context: TaskContext = systemContext(),
): Promise<ExitCode> {
  const program = buildProgram(context, await settingsFor(args));
  const isCompletion = COMPLETION_REQUEST.every((word, i) => args[i] === word);
  try {
    if (isCompletion) await answerCompletion(program, args.slice(COMPLETION_REQUEST.length));
    else await program.parseAsync(args, { from: "user" });
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    return reportError(context, error);
  }
}

/** The table of settings brings schemas along, which every other command would load in vain. */
async function settingsFor(args: readonly string[]): Promise<readonly Setting[]> {
  if (!args.includes("encode")) return [];
  const { SETTINGS } = await import("../lib/config/settings.ts");
  return SETTINGS;
}

/** Settings of commander that `addCommand` does not pass on. */
function configure(command: CommandUnknownOpts, context: TaskContext): void {
  const { out, err } = context;
  const width = (output: TaskContext["out"]) =>
    output.isTerminal ? Math.min(HELP_COLUMNS, output.size().columns) : HELP_COLUMNS;
  command
    .exitOverride()
    .showHelpAfterError("Add --help to see what there is")
    .helpOption("-h, --help", "Print this help")
    .configureOutput({
      writeOut: (text) => out.write(text),
      writeErr: (text) => err.write(text),
      getOutHelpWidth: () => width(out),
      getErrHelpWidth: () => width(err),
      getOutHasColors: () => out.hasColour,
      getErrHasColors: () => err.hasColour,
    });
}
