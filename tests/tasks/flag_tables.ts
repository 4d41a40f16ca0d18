/**
 * The tables of flags in `docs/commands`, made from the commands themselves.
 * `deno run -A tests/tasks/flag_tables.ts` writes them anew; `docs_test.ts` compares them.
 */
import { SETTINGS } from "../../lib/config/settings.ts";
import type { CommandUnknownOpts, Option } from "../../lib/npm/commander.ts";
import { systemContext } from "../../tasks/context.ts";
import { buildProgram } from "../../tasks/program.ts";

const BEGIN = "<!-- flags -->\n";
const END = "<!-- /flags -->";

/** A page of `docs/commands`, with its command. */
export interface CommandPage {
  readonly url: URL;
  readonly command: CommandUnknownOpts;
}

/** The pages that every command must have. */
export function commandPages(): CommandPage[] {
  return buildProgram(systemContext(), SETTINGS).commands.map((command) => ({
    url: new URL(`../../docs/commands/${command.name()}.md`, import.meta.url),
    command,
  }));
}

/** The page with its table of flags as the command has them. */
export function withFlagTable(page: string, command: CommandUnknownOpts): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`The page of '${command.name()}' has no table`);
  const groups = Map.groupBy(command.options, ({ helpGroupHeading }) => helpGroupHeading ?? "");
  const table = groups.size === 0 ? "None.\n" : [...groups].map(tableOf).join("\n");
  return page.slice(0, begin + BEGIN.length) + table + page.slice(end);
}

function tableOf([heading, options]: readonly [string, readonly Option[]]): string {
  const title = heading === "" ? "" : `### ${heading.replace(/:$/, "")}\n\n`;
  return `${title}| flag | meaning |\n| --- | --- |\n${options.map(row).join("")}`;
}

function row({ flags, description, envVar, argChoices, defaultValue }: Option): string {
  const more = [
    argChoices === undefined ? "" : `; ${argChoices.map((choice) => `\`${choice}\``).join(", ")}`,
    typeof defaultValue === "string" ? `; default \`${defaultValue}\`` : "",
    envVar === undefined ? "" : `; variable \`${envVar}\``,
  ];
  return `| \`${cell(flags)}\` | ${cell(description + more.join(""))} |\n`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

if (import.meta.main) {
  for (const { url, command } of commandPages()) {
    Deno.writeTextFileSync(url, withFlagTable(Deno.readTextFileSync(url), command));
  }
}
