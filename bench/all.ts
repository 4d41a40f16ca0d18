/**
 * `deno task bench`: every bench that takes seconds or a few minutes, one after another, each in a
 * process of its own. Those named as arguments alone, if any are: `deno task bench engine_none`.
 */
import { fileURLToPath } from "node:url";

/** `resume_ten_million` is left out: it needs 6 GB of disk. */
const BENCHES = [
  "decode_bench",
  "decode_memory",
  "orphans",
  "engine_none",
  "engine_tokens",
  "parquet_write",
  "parquet_stream",
  "containers",
  "hub_stream",
  "sealing",
  "engine_bundled",
  "engine_heavy",
  "plan_million",
  "worker_memory",
];

const failed: string[] = [];
for (const name of Deno.args.length > 0 ? Deno.args : BENCHES) {
  const path = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", path],
    stdout: "inherit",
    stderr: "inherit",
  });
  const { success } = await command.spawn().status;
  if (!success) failed.push(name);
}
console.log(failed.length === 0 ? "\nevery floor holds" : `\nbelow a floor: ${failed.join(", ")}`);
if (failed.length > 0) Deno.exit(1);
