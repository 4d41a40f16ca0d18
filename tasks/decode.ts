/**
 * `speechmill decode <run>`
 *
 * @module
 */
import { Command, Option } from "../lib/npm/commander.ts";
import { printLines, type TaskContext } from "./context.ts";

/** The command `decode`. */
export function decodeCommand(context: TaskContext) {
  return new Command("decode")
    .description("turn the tokens of a run back into WAV files")
    .argument("<run>", "the run directory")
    .requiredOption("--output <folder>", "where the WAV files go")
    .option("--ids <id...>", "decode these samples alone")
    .option("--codec <name>", "the codec that made the tokens (default: the one of the run)")
    .addOption(
      new Option("--device <device>", "what the model runs on")
        .choices(["cpu", "cuda", "webgpu"]).default("cpu" as const)
        .env("SPEECHMILL_DECODE_DEVICE"),
    )
    .action(async (run, { output, ids, codec, device }) => {
      const { decodeRun } = await import("../lib/decode_run.ts");
      const { DecodeReporter } = await import("../lib/terminal/decode_reporter.ts");
      const events = decodeRun(run, {
        output,
        provider: device,
        ...(ids === undefined ? {} : { ids }),
        ...(codec === undefined ? {} : { codec }),
      });
      const lines: string[] = [];
      {
        using reporter = new DecodeReporter(context.err, context.clock);
        for await (const event of events) lines.push(...reporter.report(event));
      }
      printLines(context, lines);
    });
}
