/**
 * `speechmill verify <run>`
 *
 * @module
 */
import { EXIT } from "../lib/errors.ts";
import { Command } from "../lib/npm/commander.ts";
import { printJson, printLines, type TaskContext } from "./context.ts";

/** The command `verify`. */
export function verifyCommand(context: TaskContext) {
  return new Command("verify")
    .description("Check the files, rows and ledger of a run; changes nothing")
    .argument("<run>", "The run directory")
    .option("--subset <share>", "Read this share of the files alone, such as 5% (default: all)")
    .option(
      "--rebatch <share>",
      "Encode this share of the clips once more, one by one, and compare",
    )
    .option("--codec <name>", "The codec that made the tokens (default: the one of the run)")
    .option("--json", "Print one JSON object")
    .action(async (run, { subset, rebatch, codec, json }) => {
      const { parseShare } = await import("../lib/share.ts");
      const { verifyRun } = await import("../lib/verify.ts");
      const { VerifyReporter, verdictLines } = await import("../lib/terminal/verify_reporter.ts");
      const events = verifyRun(run, {
        ...(subset === undefined ? {} : { subset: parseShare(subset, "--subset") }),
        ...(rebatch === undefined ? {} : { rebatch: parseShare(rebatch, "--rebatch") }),
        ...(codec === undefined ? {} : { codec }),
      });
      let report = null;
      {
        using reporter = new VerifyReporter(context.err, context.clock);
        for await (const event of events) report = reporter.report(event);
      }
      if (report === null) throw new TypeError("The check ended without a report");
      if (json) printJson(context, report);
      else printLines(context, verdictLines(report));
      if (!report.ok) context.exitCode = EXIT.failed;
    });
}
