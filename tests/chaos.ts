/**
 * `deno task chaos [--kills 1000] [--seed 1] [--keep]`: kills runs at random moments and compares
 * what they publish with a quiet run.
 */
import { parseArgs } from "node:util";
import { chaos } from "./support/chaos.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "1000" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 32)) },
    keep: { type: "boolean", default: false },
  },
});
const directory = Deno.makeTempDirSync({ prefix: "speechmill-chaos-" });
console.log(`seed ${values.seed}, ${values.kills} kills, in ${directory}`);
const begin = performance.now();
const report = await chaos({
  kills: Number(values.kills),
  seed: Number(values.seed),
  directory,
  onKill: (kill) => {
    if (kill % 50 === 0) {
      console.log(`${kill} kills after ${Math.round((performance.now() - begin) / 1000)} s`);
    }
  },
});
console.log(`every run published the bytes of the quiet one: ${JSON.stringify(report)}`);
if (!values.keep) Deno.removeSync(directory, { recursive: true });
