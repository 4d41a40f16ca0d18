/** Folders for temporary files of real runs, whoever is killed. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { loadConfig } from "../lib/config/config.ts";
import { encode } from "../lib/encode.ts";
import { speechClips, writeParquet } from "./support/containers.ts";
import { withEnvironment } from "./support/environment.ts";
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

  using _environment = withEnvironment({ TMPDIR: place.path });
  const flags = { input: [input], output, devices: "cpu:2" };
  const config = await loadConfig({ flags, cwd: directory.path });
  let killed = 0;
  let done = 0;
  for await (const event of encode(config)) {
    if (event.type === "worker_started" && killed++ === 0) Deno.kill(event.pid, "SIGKILL");
    if (event.type === "finished") done = event.summary.done;
  }
  assert.ok(killed > 0);
  assert.equal(done, 6);
  assert.deepEqual(namesIn(place.path), []);
});
