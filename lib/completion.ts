/**
 * What a shell may complete: commands, flags, their values, files.
 *
 * @module
 */
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { RootCommand, script } from "./npm/tab.ts";

/** The shells that a script can be made for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
/** One of them. */
export type Shell = typeof SHELLS[number];

/** Something a value is given to: a flag, or a place after the command. */
export interface CompletableValue {
  /** What it can be; none if anything. */
  readonly choices: readonly string[];
  /** Whether it names a file or a folder. */
  readonly isPath: boolean;
}

/** A flag. */
export interface CompletableFlag {
  /** `--val-ratio` */
  readonly flag: string;
  readonly description: string;
  /** Null for a flag without a value. */
  readonly value: CompletableValue | null;
}

/** A command. */
export interface CompletableCommand {
  readonly name: string;
  readonly description: string;
  readonly flags: readonly CompletableFlag[];
  readonly arguments: readonly (CompletableValue & { readonly name: string })[];
}

/** How the shell scripts are told that a path goes on: no space after it, no files of their own. */
const PATH_DIRECTIVE = ":6";

/** The script that a shell reads to complete `speechmill`; it calls the program back. */
export function completionScript(shell: Shell, program: string): void {
  script(shell, program, program);
}

/**
 * Answers a shell: prints a candidate a line, then a directive.
 *
 * @param words What was typed after the program's name; the last one is being completed.
 */
export function complete(
  commands: readonly CompletableCommand[],
  words: readonly string[],
): void {
  const path = pathToComplete(commands, words);
  if (path === null) return rootCommand(commands).parse([...words]);
  for (const candidate of pathCandidates(path)) console.log(candidate);
  console.log(PATH_DIRECTIVE);
}

function rootCommand(commands: readonly CompletableCommand[]): RootCommand {
  const root = new RootCommand();
  for (const { name, description, flags, arguments: places } of commands) {
    const command = root.command(name, description);
    for (const { flag, description, value } of flags) {
      const long = flag.replace(/^--/, "");
      if (value === null) command.option(long, description);
      else command.option(long, description, (offer) => value.choices.forEach((c) => offer(c, "")));
    }
    for (const { name, choices } of places) {
      command.argument(name, (offer) => choices.forEach((choice) => offer(choice, "")));
    }
  }
  return root;
}

/** The path that is being typed; null if it is something else. */
function pathToComplete(
  commands: readonly CompletableCommand[],
  words: readonly string[],
): string | null {
  const command = commands.find(({ name }) => name === words[0]);
  if (command === undefined || words.length < 2) return null;
  const last = words.at(-1) ?? "";
  const flagOf = (word: string) => command.flags.find(({ flag }) => flag === word);
  const equals = last.indexOf("=");
  if (last.startsWith("--") && equals > 0) {
    const isPath = flagOf(last.slice(0, equals))?.value?.isPath ?? false;
    // The scripts put the flag before the value again.
    return isPath ? last.slice(equals + 1) : null;
  }
  if (last.startsWith("-")) return null;
  const value = flagOf(words.at(-2) ?? "")?.value ?? null;
  if (value !== null) return value.isPath ? last : null;
  const place = words.slice(1, -1).filter((word, i) => {
    const flag = word.startsWith("-") ? undefined : flagOf(words[i] ?? "");
    return !word.startsWith("-") && (flag === undefined || flag.value === null);
  }).length;
  return command.arguments[place]?.isPath ? last : null;
}

/** Files and folders that begin with what was typed; hidden ones only where a dot was. */
function pathCandidates(typed: string): string[] {
  const isFolder = typed === "" || typed.endsWith("/");
  const folder = isFolder ? typed : dirname(typed) === "." ? "" : `${dirname(typed)}/`;
  const start = isFolder ? "" : basename(typed);
  try {
    return readdirSync(join(folder || "."), { withFileTypes: true })
      .filter(({ name }) => name.startsWith(start) && (start !== "" || !name.startsWith(".")))
      .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? "/" : ""}`)
      .sort();
  } catch {
    return [];
  }
}
