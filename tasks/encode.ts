/**
 * `speechmill encode [config.yaml]`
 *
 * @module
 */
import type { Setting } from "../lib/config/settings.ts";
import { Command } from "../lib/npm/commander.ts";
import type { TaskContext } from "./context.ts";
import { followRun } from "./follow_run.ts";
import { settingOption } from "./setting_options.ts";

/** The command `encode`, with a flag for each of these settings. */
export function encodeCommand(context: TaskContext, settings: readonly Setting[]) {
  const command = new Command("encode")
    .description("Encode speech into codec tokens; in the folder of a run, go on with it")
    .argument("[config]", "A YAML file of settings; flags override it");
  for (const setting of settings) command.addOption(settingOption(setting));
  return command
    .optionsGroup("Run:")
    .option("--verbose", "Tell of retries, workers and shards; show the stack of an error")
    .addHelpText("after", examples(context.program))
    .action(async (file, options) => {
      const { verbose = false, ...flags } = options;
      context.verbose = verbose;
      const { loadConfig } = await import("../lib/config/config.ts");
      const { encode } = await import("../lib/encode.ts");
      const { configFile } = await import("../lib/example_config.ts");
      const { path, notice } = configFile(file, flags);
      if (notice !== null) context.err.write(`${notice}\n`);
      const config = await loadConfig({ file: path, flags, cwd: Deno.cwd() });
      await followRun(context, config.output, (signal) => encode(config, { signal }));
    });
}

function examples(program: string): string {
  const lines = [
    "encode config.yaml",
    "encode --input /data/speech --output tokens --codec hubertsiuzdak/snac_24khz",
    "encode --input hf://datasets/org/name --columns text=sentence --format parquet",
  ];
  return `\nExamples:\n${lines.map((line) => `  ${program} ${line}`).join("\n")}`;
}
