/**
 * `deno run -A bench/plan_million.ts`: how long a million lines, or rows of Parquet, take to plan,
 * and how much memory.
 *
 * JSONL manifests of text alone, and of audio whose duration is declared; every line names the
 * same existing file, so the look at it finds it in the system's cache. A Parquet file with the same
 * columns, and audio that planning leaves alone, in row groups of 1,000. Timed from the start of the
 * process to the event `planned`.
 */
import { coordinate } from "./support/coordinator.ts";
import { check, tell, title } from "./support/floors.ts";
import { writeManifest } from "./support/large_manifest.ts";
import { writeRows } from "./support/parquet_rows.ts";
import { CLIPS } from "./support/speech.ts";
import { temporaryFolder } from "./support/temporary_folder.ts";

const LINES = 1_000_000;

for (const [name, audio] of [["text", null], ["audio", CLIPS[0] ?? null]] as const) {
  using folder = temporaryFolder();
  const manifest = `${folder.path}/manifest.jsonl`;
  writeManifest(manifest, LINES, audio);
  await plan(`lines of ${name}`, manifest, folder.path);
}
{
  using folder = temporaryFolder();
  const path = `${folder.path}/rows.parquet`;
  await writeRows(path, LINES);
  await plan("rows of Parquet", path, folder.path);
}

async function plan(name: string, input: string, folder: string): Promise<void> {
  title(`planning ${LINES.toLocaleString("en")} ${name}`);
  const { seconds, cpuSeconds, peakMemory } = await coordinate("plan", input, `${folder}/run`);
  check({ name: "to `planned`", value: seconds, unit: "s", bound: 30, lowIsGood: true });
  tell("CPU time", cpuSeconds, "s");
  check({
    ...{ name: "peak memory of the coordinator", value: peakMemory / 1e6, unit: "MB" },
    ...{ bound: 1000, lowIsGood: true },
  });
}
