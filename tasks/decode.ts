/**
 * `speechmill decode <run>`
 *
 * @module
 */
import { Command, Option } from "../lib/npm/commander.ts";
import { numberOf } from "./number_of.ts";
import { printLines, type TaskContext } from "./context.ts";

/** The command `decode`. */
export function decodeCommand(context: TaskContext) {
  return new Command("decode")
    .description("Turn the tokens of a run back into WAV files")
    .argument("<run>", "The run directory")
    .requiredOption("--output <folder>", "Where the WAV files go")
    .option("--ids <id...>", "Decode these samples alone")
    .option(
      "--codec <name>",
      "The codec that made the tokens, or another decoder for them (default: the one of the run)",
    )
    .addOption(
      new Option("--noise-seed <seed>", "SNAC: decode with this noise").argParser(numberOf),
    )
    .addOption(
      new Option("--device <device>", "What the model runs on")
        .choices(["cpu", "cuda", "webgpu"]).default("cpu" as const)
        .env("SPEECHMILL_DECODE_DEVICE"),
    )
    .action(async (run, { output, ids, codec, device, noiseSeed }) => {
      const { decodeRun } = await import("../lib/decode_run.ts");
      const { DecodeReporter } = await import("../lib/terminal/decode_reporter.ts");
      const events = decodeRun(run, {
        output,
        provider: device,
        ...(ids === undefined ? {} : { ids }),
        ...(codec === undefined ? {} : { codec }),
        ...(noiseSeed === undefined ? {} : { noiseSeed }),
      });
      const lines: string[] = [];
      {
        using reporter = new DecodeReporter(context.err, context.clock);
        for await (const event of events) lines.push(...reporter.report(event));
      }
      printLines(context, lines);
    });
}
