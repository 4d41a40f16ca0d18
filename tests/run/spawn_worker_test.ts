import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import type { Device } from "../../lib/devices.ts";
import { denoSpawner, type SpawnOptions, WORKER_COMMAND } from "../../lib/run/spawn_worker.ts";
import { withEnvironment } from "../support/environment.ts";
import { temporaryDirectory } from "../support/run_once.ts";

const program = new URL("../support/telling_worker.ts", import.meta.url).href;

const CPU: Device = { provider: "cpu", cuda: null, feeders: 1 };
const GPU: Device = { provider: "cuda", cuda: "GPU-1234-abcd", feeders: 4 };

interface Facts {
  readonly environment: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly net: string;
  readonly run: string;
  readonly write: string;
  readonly read: string;
  /** Making a folder for temporary files, writing into it, and removing it. */
  readonly scratch: string;
}

/** What a worker for this device says of itself in its log. */
async function factsOf(
  device: Device,
  logs: string,
  options: Partial<SpawnOptions> = {},
): Promise<Facts> {
  const worker = denoSpawner({ logs, program, ...options }).spawn("w:0", device);
  for await (const lines of worker.lines) assert.fail(`printed to standard output: ${lines}`);
  assert.deepEqual(await worker.exited, { code: 0, signal: null });
  assert.equal(Deno.readTextFileSync(join(logs, "w-0.log")), `${worker.logTail()}\n`);
  return JSON.parse(worker.logTail());
}

Deno.test("a worker is given no secret of the environment, and only its own device", async () => {
  using _environment = withEnvironment({
    HF_TOKEN: "secret",
    AWS_SECRET_ACCESS_KEY: "secret",
    DENO_AUTH_TOKENS: "secret",
    SSH_AUTH_SOCK: "secret",
    NPM_CONFIG_REGISTRY: "https://user:secret@registry.example/npm/",
    CUDA_VISIBLE_DEVICES: "0,1,2,3",
  });
  using logs = temporaryDirectory();
  const { environment, args } = await factsOf(GPU, logs.path);
  assert.ok(!Object.values(environment).includes("secret"), Object.keys(environment).join());
  assert.equal(environment["NPM_CONFIG_REGISTRY"], "https://registry.example/npm/");
  assert.equal(environment["CUDA_VISIBLE_DEVICES"], "GPU-1234-abcd");
  assert.equal(environment["NVIDIA_TF32_OVERRIDE"], "0");
  assert.equal(environment["HOME"], Deno.env.get("HOME"));
  assert.deepEqual(args, [WORKER_COMMAND]);
});

Deno.test("a worker on the CPU sees no CUDA device, and may read but not write, run or connect", async () => {
  using _environment = withEnvironment({ CUDA_VISIBLE_DEVICES: "0,1" });
  using logs = temporaryDirectory();
  const { environment, net, run, write, read, scratch } = await factsOf(CPU, logs.path);
  assert.equal(environment["CUDA_VISIBLE_DEVICES"], "");
  assert.deepEqual({ net, run, write, read, scratch }, {
    ...{ net: "NotCapable", run: "NotCapable", write: "NotCapable", scratch: "NotCapable" },
    read: "allowed",
  });
});

Deno.test("a worker whose log cannot be written lives, and its last words are kept", async () => {
  using directory = temporaryDirectory();
  const logs = join(directory.path, "no", "such", "folder");
  const worker = denoSpawner({ logs, program }).spawn("cpu:0", CPU);
  for await (const _ of worker.lines) { /* It prints none. */ }
  assert.equal((await worker.exited).code, 0);
  assert.match(worker.logTail(), /"environment"/);
});

Deno.test("a worker that is killed says by which signal, and takes no harm from more of it", async () => {
  using logs = temporaryDirectory();
  const worker = denoSpawner({ logs: logs.path, program }).spawn("cpu:0", CPU);
  worker.kill();
  for await (const _ of worker.lines) { /* It prints none. */ }
  assert.equal((await worker.exited).signal, "SIGKILL");
  worker.kill();
  worker.send("{}");
});

Deno.test("a worker with a scratch folder may write there and nowhere else, and it is gone after", async () => {
  using logs = temporaryDirectory();
  using places = temporaryDirectory();
  const [comma, place] = [join(places.path, "a,b"), join(places.path, "a b")];
  for (const path of [comma, place]) Deno.mkdirSync(path);
  // A comma separates paths in a permission, and cannot be escaped.
  const scratchPlaces = [join(places.path, "missing"), comma, place];
  const facts = await factsOf(CPU, logs.path, { scratch: true, scratchPlaces });
  assert.equal(facts.scratch, "allowed");
  assert.deepEqual([facts.write, facts.net, facts.run], ["NotCapable", "NotCapable", "NotCapable"]);
  const folder = facts.environment["TMPDIR"] ?? "";
  assert.equal(dirname(folder), Deno.realPathSync(place));
  for (const path of [comma, place]) assert.deepEqual([...Deno.readDirSync(path)], []);
});

Deno.test("a worker's scratch folder is removed though the worker is killed", async () => {
  using logs = temporaryDirectory();
  using place = temporaryDirectory();
  const options = { logs: logs.path, program, scratch: true, scratchPlaces: [place.path] };
  const worker = denoSpawner(options).spawn("cpu:0", CPU);
  const [folder] = [...Deno.readDirSync(place.path)];
  Deno.writeTextFileSync(join(place.path, folder?.name ?? "", "clip.flac"), "half a clip");
  worker.kill();
  for await (const _ of worker.lines) { /* It prints none. */ }
  assert.equal((await worker.exited).signal, "SIGKILL");
  assert.deepEqual([...Deno.readDirSync(place.path)], []);
});

Deno.test("a worker may write where scratch folders lie unless told otherwise", async () => {
  using logs = temporaryDirectory();
  const { scratch, environment } = await factsOf(CPU, logs.path, { scratch: true });
  assert.equal(scratch, "allowed");
  assert.throws(() => Deno.statSync(environment["TMPDIR"] ?? ""), Deno.errors.NotFound);
});
