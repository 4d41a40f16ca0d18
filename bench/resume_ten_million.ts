/**
 * `deno run -A bench/resume_ten_million.ts`: how soon a run of ten million samples goes on.
 *
 * The run is written straight into its ledger, with a manifest of as many lines; 5 % of its
 * samples are left. Timed from the start of the process to its first `lease`: the manifest is
 * hashed, audio files are looked at, a worker starts and loads the bundled codec. Needs about
 * 6 GB of disk for some minutes; `--dir <folder>` says where.
 */
import { parseArgs } from "node:util";
import { coordinate } from "./support/coordinator.ts";
import { check, tell, title } from "./support/floors.ts";
import { writeLargeRun } from "./support/large_run.ts";
import { dropFromPageCache } from "./support/page_cache.ts";
import { inTurns, median } from "./support/repeats.ts";
import { CLIPS } from "./support/speech.ts";
import { temporaryFolder } from "./support/temporary_folder.ts";

const { values } = parseArgs({
  options: { dir: { type: "string" }, samples: { type: "string", default: "10000000" } },
});
const samples = Number(values.samples);

title(`resuming a run of ${samples.toLocaleString("en")} samples, 5 % left`);
using folder = temporaryFolder(values.dir);
const directory = `${folder.path}/run`;
const ledger = `${directory}/.speechmill/ledger.db`;
const manifest = `${folder.path}/manifest.jsonl`;
const begin = performance.now();
await writeLargeRun({
  ...{ directory, manifest, samples, audio: CLIPS[0] ?? "", pending: samples / 20 },
});
tell("writing it", (performance.now() - begin) / 1000, "s");
tell("ledger", Deno.statSync(ledger).size / 1e9, "GB");
tell("manifest", Deno.statSync(manifest).size / 1e9, "GB");

const cpu: number[] = [];
const memory: number[] = [];
const resume = async () => {
  const milestone = await coordinate("lease", manifest, directory);
  cpu.push(milestone.cpuSeconds);
  memory.push(milestone.peakMemory / 1e6);
  return milestone.seconds;
};
const floor = { unit: "s", bound: 10, lowIsGood: true };
if (await dropFromPageCache([manifest, ledger])) {
  check({
    name: "to the first `lease`, nothing in the page cache",
    value: await resume(),
    ...floor,
  });
}
const [seconds = []] = await inTurns(3, [resume]);
check({ name: "to the first `lease`", value: median(seconds), ...floor });
tell("CPU time of the coordinator", median(cpu), "s");
check({
  ...{ name: "peak memory of the coordinator", value: Math.max(...memory), unit: "MB" },
  ...{ bound: 1000, lowIsGood: true },
});
