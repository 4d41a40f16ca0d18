/**
 * `speechmill upload <run> <repo>`
 *
 * @module
 */
import { Command } from "../lib/npm/commander.ts";
import { printLines, type TaskContext } from "./context.ts";
import { listenForStop } from "./stop_signal.ts";

/** The command `upload`. */
export function uploadCommand(context: TaskContext) {
  return new Command("upload")
    .description("Upload a run to the Hugging Face Hub; what is there already stays")
    .argument("<run>", "The run directory")
    .argument("<repo>", "organisation/name; made if there is none")
    .option("--public", "Let everybody see a repository that is made (default: private)")
    .option("--replace", "Replace and remove files of another run that lie there")
    .option("--verbose", "Tell of retries and commits; show the stack of an error")
    .action(async (run, repo, { public: isPublic, replace, verbose = false }) => {
      context.verbose = verbose;
      const { uploadRun } = await import("../lib/upload_run.ts");
      const { UploadReporter } = await import("../lib/terminal/upload_reporter.ts");
      const { err: output, clock } = context;
      const lines: string[] = [];
      {
        using reporter = new UploadReporter({ output, clock, verbose });
        using stop = listenForStop(() => reporter.stopping(), clock);
        const events = uploadRun(run, repo, {
          ...(isPublic === undefined ? {} : { isPublic }),
          ...(replace === undefined ? {} : { replace }),
          signal: stop.signal,
        });
        for await (const event of events) lines.push(...reporter.report(event));
      }
      printLines(context, lines);
    });
}
