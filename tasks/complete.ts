/**
 * `speechmill complete <shell>`
 *
 * @module
 */
import { Argument, Command, type CommandUnknownOpts } from "../lib/npm/commander.ts";
import type { CompletableCommand } from "../lib/completion.ts";

/** What the scripts call: `speechmill complete -- encode --out`. */
export const COMPLETION_REQUEST = ["complete", "--"] as const;

/** Values that name files or folders. */
const PATHS = /^(config|run|folder|path|file)$/;

/** The command `complete`. */
export function completeCommand() {
  return new Command("complete")
    .description("Print the script that lets a shell complete commands, flags and files")
    .addArgument(
      new Argument("<shell>", "Which shell").choices(["bash", "zsh", "fish"]),
    )
    .addHelpText(
      "after",
      "\nExamples:\n" +
        "  bash: echo 'source <(speechmill complete bash)' >> ~/.bashrc\n" +
        "  zsh:  echo 'source <(speechmill complete zsh)' >> ~/.zshrc\n" +
        "  fish: speechmill complete fish > ~/.config/fish/completions/speechmill.fish",
    )
    .action(async (shell) => {
      const { completionScript } = await import("../lib/completion.ts");
      completionScript(shell, "speechmill");
    });
}

/** Answers a completion script. */
export async function answerCompletion(
  program: CommandUnknownOpts,
  words: readonly string[],
): Promise<void> {
  const { complete } = await import("../lib/completion.ts");
  complete(program.commands.map(describe), words);
}

function describe(command: CommandUnknownOpts): CompletableCommand {
  const options = command.createHelp().visibleOptions(command);
  return {
    name: command.name(),
    description: command.description(),
    flags: options.flatMap(({ long, flags, description, required, optional, argChoices = [] }) => {
      if (long === undefined) return [];
      const valueName = /[<[]([^>\]]+)/.exec(flags)?.[1] ?? "";
      // `<true|false>` names its values itself.
      const choices = valueName.includes("|") ? valueName.split("|") : argChoices;
      const isPath = PATHS.test(valueName);
      const value = required || optional ? { choices, isPath } : null;
      return [{ flag: long, description, value }];
    }),
    arguments: command.registeredArguments.map((place) => ({
      name: place.name(),
      choices: place.argChoices ?? [],
      isPath: PATHS.test(place.name()),
    })),
  };
}
