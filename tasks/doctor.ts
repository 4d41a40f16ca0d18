/**
 * `speechmill doctor`
 *
 * @module
 */
import { EXIT } from "../lib/errors.ts";
import { Command } from "../lib/npm/commander.ts";
import { printJson, printLines, type TaskContext } from "./context.ts";

/** The command `doctor`. */
export function doctorCommand(context: TaskContext) {
  return new Command("doctor")
    .description("Check that this machine can run speechmill")
    .option("--json", "Print one JSON array")
    .action(async ({ json }) => {
      const { doctor } = await import("../lib/doctor.ts");
      const { checkLines, verdictText } = await import("../lib/terminal/doctor_text.ts");
      const checks = [];
      for await (const check of doctor()) {
        checks.push(check);
        if (!json) printLines(context, checkLines(check, context.out));
      }
      if (json) printJson(context, checks);
      else printLines(context, [verdictText(checks)]);
      if (checks.some(({ ok }) => ok === "failed")) context.exitCode = EXIT.failed;
    });
}
