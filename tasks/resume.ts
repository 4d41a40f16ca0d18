/**
 * `speechmill resume <run>`
 *
 * @module
 */
import { Command, InvalidArgumentError, Option } from "../lib/npm/commander.ts";
import type { TaskContext } from "./context.ts";
import { followRun } from "./follow_run.ts";

/** The command `resume`. */
export function resumeCommand(context: TaskContext) {
  return new Command("resume")
    .description("Go on with a run where its last session ended, however it ended")
    .argument("<run>", "The run directory")
    .addOption(
      new Option("--devices <devices>", "As for encode (default: what the run was begun with)")
        .env("SPEECHMILL_DEVICES"),
    )
    .addOption(
      new Option(
        "--batch-seconds <seconds>",
        "As for encode (default: what the run was begun with)",
      )
        .env("SPEECHMILL_BATCH_SECONDS").argParser(positive),
    )
    .option("--verbose", "Tell of retries, workers and shards; show the stack of an error")
    .action(async (run, { devices, batchSeconds, verbose = false }) => {
      context.verbose = verbose;
      const { resume } = await import("../lib/encode.ts");
      await followRun(context, run, (signal) =>
        resume(run, {
          signal,
          ...(devices === undefined ? {} : { devices }),
          ...(batchSeconds === undefined ? {} : { batchSeconds }),
        }));
    });
}

function positive(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("It is no number above 0.");
}
