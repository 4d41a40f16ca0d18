/**
 * What `encode` and `resume` share: a run from its first event to its summary.
 *
 * @module
 */
import { relative } from "node:path";
import { EXIT, type ExitCode } from "../lib/errors.ts";
import type { EncodeEvent } from "../lib/encoding/events.ts";
import { runPaths } from "../lib/run/run_directory.ts";
import type { Summary } from "../lib/run/summary.ts";
import { lastSession } from "../lib/status.ts";
import { RunReporter } from "../lib/terminal/run_reporter.ts";
import { outcomeText, summaryLines } from "../lib/terminal/summary_text.ts";
import { printLines, type TaskContext } from "./context.ts";
import { shellWord } from "./invocation.ts";
import { listenForStop } from "./stop_signal.ts";

/** Where the finished dataset is, beside the run directory. */
interface Places {
  saved: string | null;
  uploaded: string | null;
}

/** Draws a run, and tells at its end how it went and what can be done next. */
export async function followRun(
  context: TaskContext,
  directory: string,
  start: (signal: AbortSignal) => AsyncIterable<EncodeEvent>,
): Promise<void> {
  const notices: string[] = [];
  const places: Places = { saved: null, uploaded: null };
  let summary: Summary | null = null;
  let failure: unknown = null;
  try {
    const { err: output, clock, verbose } = context;
    using reporter = new RunReporter({ output, clock, verbose });
    using stop = listenForStop(() => reporter.stopping(), clock);
    for await (const event of start(stop.signal)) {
      reporter.report(event);
      if (event.type === "notice") notices.push(event.message);
      if (event.type === "saved") places.saved = shortPath(event.folder);
      if (event.type === "upload" && event.event.type === "finished") {
        places.uploaded = event.event.url;
      }
      if (event.type === "finished") summary = event.summary;
    }
  } catch (error) {
    // A finished run that cannot be published is worth its summary all the same.
    if (summary === null) throw error;
    failure = error;
  }
  if (summary === null) throw new TypeError("The run ended without a summary");
  printLines(context, closingLines(context, directory, summary, { notices, ...places }));
  if (failure !== null) throw failure;
  context.exitCode = exitCodeOf(summary);
}

function exitCodeOf({ finished, quarantined }: Summary): ExitCode {
  if (!finished) return EXIT.stopped;
  return quarantined > 0 ? EXIT.quarantined : EXIT.done;
}

function closingLines(
  context: TaskContext,
  directory: string,
  summary: Summary,
  more: Readonly<Places> & { readonly notices: readonly string[] },
): string[] {
  const paths = runPaths(directory);
  const shown = shortPath(paths.directory);
  const columns = context.out.isTerminal ? context.out.size().columns : Infinity;
  return [
    outcomeText(summary),
    ...summaryLines(summary, {
      ...more,
      ...{ directory: shown, session: lastSession(paths), columns },
    }),
    "Next:",
    ...nextCommands(shown, summary.finished).map((command) => `  ${context.program} ${command}`),
  ];
}

function nextCommands(directory: string, isFinished: boolean): string[] {
  const run = shellWord(directory);
  if (!isFinished) return [`resume ${run}`, `status ${run}`];
  const wavs = shellWord(`${directory.replace(/[/\\]+$/, "")}-wav`);
  return [`verify ${run} --rebatch 5%`, `decode ${run} --output ${wavs}`, `status ${run}`];
}

/** Relative to here, where that is not longer. */
function shortPath(path: string): string {
  const near = relative(Deno.cwd(), path);
  if (near === "") return ".";
  return near.length < path.length && !near.startsWith("..") ? near : path;
}
