/**
 * `speechmill status <run>`
 *
 * @module
 */
import { Command } from "../lib/npm/commander.ts";
import { printJson, printLines, type TaskContext } from "./context.ts";

/** The command `status`. */
export function statusCommand(context: TaskContext) {
  return new Command("status")
    .description("Say how a run stands, while it goes on or after it ended")
    .argument("<run>", "The run directory")
    .option("--json", "Print one JSON object")
    .action(async (run, { json }) => {
      const { runStatus } = await import("../lib/status.ts");
      const status = runStatus(run);
      if (json) return printJson(context, status);
      const { statusLines } = await import("../lib/terminal/status_text.ts");
      const { columns } = context.out.size();
      printLines(context, statusLines(status, context.out.isTerminal ? columns : Infinity));
    });
}
