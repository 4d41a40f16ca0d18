/** Folders for temporary files of real runs, whoever is killed. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { readManifest } from "../lib/reading/manifest.ts";
import { runPaths } from "../lib/run/run_directory.ts";
import { speechClips, writeParquet } from "./support/containers.ts";
import { temporaryDirectory } from "./support/run_once.ts";

const MOD = new URL("../mod.ts", import.meta.url).href;

/** Starts a run as a process of its own, and kills it when it makes its first folder. */
async function killAtFirstFolder(place: string, input: string, output: string): Promise<void> {
  using watcher = Deno.watchFs(place, { recursive: false });
  const command = ["encode", "--input", input, "--output", output, "--devices", "cpu:2"];
  const coordinator = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", MOD, ...command],
    env: { TMPDIR: place },
    ...{ stdin: "null", stdout: "null", stderr: "null" },
  }).spawn();
  for await (const { paths } of watcher) {
    if (paths.some((path) => path.includes("speechmill-scratch-"))) break;
  }
  coordinator.kill("SIGKILL");
  assert.equal((await coordinator.status).signal, "SIGKILL");
}

/** Goes on with the run in a process of its own, and kills the first of its workers. */
async function resumeAndKillWorker(place: string, output: string): Promise<boolean> {
  const coordinator = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", MOD, "resume", output],
    env: { TMPDIR: place },
    ...{ stdin: "null", stdout: "null", stderr: "null" },
  }).spawn();
  const events = runPaths(output).events;
  const before = Deno.readTextFileSync(events).length;
  let killed = false;
  const timer = setInterval(() => {
    const [, pid] =
      /"worker_started".*?"pid":(\d+)/.exec(Deno.readTextFileSync(events).slice(before)) ?? [];
    if (pid === undefined) return;
    clearInterval(timer);
    Deno.kill(Number(pid), "SIGKILL");
    killed = true;
  }, 5);
  assert.equal((await coordinator.status).code, 0);
  clearInterval(timer);
  return killed;
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name);
}

Deno.test("no scratch folder is left of a coordinator that was killed, nor of a worker", async () => {
  using directory = temporaryDirectory();
  using place = temporaryDirectory();
  const input = join(directory.path, "clips.parquet");
  writeParquet(input, speechClips(), { audio: "struct" });
  const output = join(directory.path, "run");
  await killAtFirstFolder(place.path, input, output);
  assert.match(namesIn(place.path).join(), /^speechmill-scratch-/);

  const killed = await resumeAndKillWorker(place.path, output);
  assert.ok(killed, "a worker was killed");
  const { samples } = await readManifest(output);
  assert.equal(samples.done, 6);
  assert.deepEqual(namesIn(place.path), []);
});
