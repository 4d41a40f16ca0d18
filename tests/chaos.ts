/**
 * `deno task chaos [--kills 1000] [--seed 1] [--input parquet] [--format npy] [--keep]`: kills runs
 * at random moments and compares what they publish with a quiet run.
 */
import { parseArgs } from "node:util";
import { FORMAT_NAMES } from "../lib/shards/names.ts";
import { chaos } from "./support/chaos.ts";
import { CHAOS_INPUTS } from "./support/chaos_input.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "1000" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 32)) },
    input: { type: "string", default: "manifest" },
    format: { type: "string", default: "jsonl.gz" },
    keep: { type: "boolean", default: false },
  },
});
const input = oneOf(CHAOS_INPUTS, values.input);
const format = oneOf(FORMAT_NAMES, values.format);
const directory = Deno.makeTempDirSync({ prefix: "speechmill-chaos-" });
console.log(`seed ${values.seed}, ${values.kills} kills, in ${directory}`);
const begin = performance.now();
const report = await chaos({
  kills: Number(values.kills),
  seed: Number(values.seed),
  ...{ directory, input, format },
  onKill: (kill) => {
    if (kill % 50 === 0) {
      console.log(`${kill} kills after ${Math.round((performance.now() - begin) / 1000)} s`);
    }
  },
});
console.log(`every run published the bytes of the quiet one: ${JSON.stringify(report)}`);
if (!values.keep) Deno.removeSync(directory, { recursive: true });

function oneOf<Name extends string>(names: readonly Name[], given: string): Name {
  const found = names.find((name) => name === given);
  if (found === undefined) throw new Error(`'${given}' is none of ${names.join(", ")}`);
  return found;
}
