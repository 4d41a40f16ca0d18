/**
 * `speechmill convert <model>`
 *
 * @module
 */
import { Command, Option } from "../lib/npm/commander.ts";
import { ConvertReporter } from "../lib/terminal/convert_reporter.ts";
import { printLines, type TaskContext } from "./context.ts";
import { shellWord } from "./invocation.ts";
import { numberOf } from "./number_of.ts";

/** The command `convert`. */
export function convertCommand(context: TaskContext) {
  return new Command("convert")
    .description("Convert a codec from its authors' checkpoint into ONNX graphs")
    .argument("<model>", "organisation/name on the Hugging Face Hub, or a folder or file")
    .option("--output <folder>", "Where the codec goes (default: the cache)")
    .addOption(
      new Option("--bandwidth <kbps>", "EnCodec: kilobits a second").argParser(numberOf),
    )
    .addOption(
      new Option("--codebooks <count>", "Use the first so many codebooks").argParser(numberOf),
    )
    .option("--chunked", "DAC: encode as its command line does")
    .addOption(
      new Option("--noise-seed <seed>", "SNAC: decode with this noise").argParser(numberOf),
    )
    .option("--fp16", "Compute in half precision, for GPUs: some tokens differ")
    .action(async (model, options) => {
      const { convertCodec } = await import("../models/convert/convert.ts");
      const { output, fp16, bandwidth, codebooks, chunked, noiseSeed } = options;
      using reporter = new ConvertReporter(model, context.err, context.clock);
      const { folder, cached } = await convertCodec(model, {
        ...(output === undefined ? {} : { output }),
        ...(bandwidth === undefined ? {} : { bandwidth }),
        ...(codebooks === undefined ? {} : { codebooks }),
        ...(chunked === undefined ? {} : { chunked }),
        ...(noiseSeed === undefined ? {} : { noiseSeed }),
        ...(fp16 ? { precision: "float16" as const } : {}),
        onProgress: (progress) => reporter.report(progress),
      });
      const { codecSpec } = await import("../models/registry.ts");
      const { notice } = codecSpec(folder);
      printLines(context, [
        `${cached ? "Found" : "Converted"} ${model}: ${folder}`,
        ...(notice === null ? [] : [notice]),
        "Next:",
        `  ${context.program} encode --codec ${shellWord(output === undefined ? model : folder)}`,
      ]);
    });
}
